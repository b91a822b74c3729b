import { test } from "uvu";
import * as assert from "uvu/assert";
import { claimsBundle, dataFrame } from "@relu-lab/notebook";
import type { Claim, ClaimRecord, Provenance } from "@relu-lab/notebook";

const record: ClaimRecord = {
  id: "sawtooth/pieces-doubling",
  statement: "n compositions have 2^n pieces",
  source: "presentation, slide 31",
  expected: 16384,
  measured: 16384,
  rule: "equal for n = 1..14",
  holds: true,
};
const payload = (records: ClaimRecord[], options = {}) =>
  claimsBundle(records, options)["application/vnd.relu-lab.claims+json"] as {
    claims: Claim[];
    provenance: Provenance;
  };

test("the record carries every field and its verdict", () => {
  const { claims } = payload([{ ...record, spread: 0.5, trials: 3 }]);
  const expected: Partial<ClaimRecord> & Partial<Claim> = {
    ...record,
    spread: 0.5,
    trials: 3,
    verdict: "reproduced",
  };
  delete expected.holds;
  assert.equal(claims, [expected]);
  assert.equal(JSON.parse(JSON.stringify(claims)), claims);
});

test("the verdict is computed from the rule's outcome", () => {
  const outcome = (holds: boolean | "in part") => payload([{ ...record, holds }]).claims[0].verdict;
  assert.is(outcome(true), "reproduced");
  assert.is(outcome(false), "not reproduced");
  assert.is(outcome("in part"), "reproduced in part");
});

test("seed, data, backend and versions stand beside them", () => {
  const { provenance } = payload([record], { seed: 7, data: "MNIST" });
  assert.is(provenance.seed, 7);
  assert.is(provenance.data, "MNIST");
  assert.is(provenance.backend, "none (doubles)"); // this process has loaded no TensorFlow.js
  assert.equal(Object.keys(provenance.versions), ["node", "relu-lab", "vega-lite"]);
  assert.is(provenance.versions["vega-lite"], "5.23.0");
});

test("a TensorFlow.js that danfojs merely loaded is not said to have computed anything", () => {
  dataFrame([{ n: 1 }]);
  const { provenance } = payload([record]);
  assert.is(provenance.backend, "none was asked for (TensorFlow.js 4.22.0 is loaded)");
  assert.is(provenance.versions.tfjs, "4.22.0");
});

test("HTML is escaped; text says verdict, values and rule", () => {
  const bundle = claimsBundle([
    { ...record, statement: "<b>x</b>", measured: 0.123456, spread: 0.01, trials: 5 },
  ]);
  assert.not.match(String(bundle["text/html"]), /<b>/);
  assert.match(
    String(bundle["text/plain"]),
    /reproduced: .*\n.*measured 0\.1235 ± 0\.01000 \(5 trials\); rule: equal/,
  );
});

test("what is missing or wrong is named", () => {
  const wrong = (change: object) => () => claimsBundle([{ ...record, ...change } as ClaimRecord]);
  assert.throws(wrong({ id: "Sawtooth/x" }), /record 0: id is Sawtooth\/x; write subject\/name/);
  assert.throws(wrong({ id: "nosubject" }), /id is nosubject/);
  assert.throws(wrong({ statement: " " }), /sawtooth\/pieces-doubling: statement/);
  assert.throws(wrong({ rule: undefined }), /rule is missing/);
  assert.throws(wrong({ measured: NaN }), /measured is NaN/);
  assert.throws(wrong({ expected: undefined }), /expected is missing/);
  assert.throws(wrong({ holds: "yes" }), /holds is yes/);
  assert.throws(wrong({ trials: 0 }), /trials is 0/);
  assert.throws(wrong({ spread: Infinity }), /spread is Infinity/);
  assert.throws(() => claimsBundle([record, record]), /stands twice/);
  assert.throws(() => claimsBundle([]), /at least one/);
});

test.run();
