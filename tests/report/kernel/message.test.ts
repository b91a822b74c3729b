import { test } from "uvu";
import * as assert from "uvu/assert";
import { createMessage, decodeMessage, encodeMessage } from "@relu-lab/report";

const frames = (parts: string[]) => parts.map((part) => Buffer.from(part));

test("a message comes back from its frames, routing prefixes before them", () => {
  const message = createMessage("execute_request", "s", { code: "1 + ½" });
  const sent = encodeMessage("key", message);
  assert.equal(decodeMessage("key", frames(["identity", ...sent])), message);
});

test("a message of another key is refused", () => {
  const sent = encodeMessage("key", createMessage("status", "s", {}));
  assert.throws(() => decodeMessage("other", frames(sent)), /wrong signature/);
});

test("a changed content is refused", () => {
  const sent = encodeMessage("key", createMessage("status", "s", { execution_state: "idle" }));
  sent[5] = sent[5].replace("idle", "busy");
  assert.throws(() => decodeMessage("key", frames(sent)), /wrong signature/);
});

test("frames without a delimiter are refused", () => {
  assert.throws(() => decodeMessage("key", frames(["a", "b"])), /delimiter|<IDS\|MSG>/);
});

test.run();
