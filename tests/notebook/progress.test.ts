import { test } from "uvu";
import * as assert from "uvu/assert";
import { progress, versions } from "@relu-lab/notebook";
import type { ProgressState } from "@relu-lab/notebook";
import { progressLine } from "../../packages/notebook/dist/progress";

function recorder(interval = 200) {
  const drawn: ProgressState[] = [];
  let now = 0;
  const sink = { interval, draw: (state: ProgressState) => void drawn.push(state) };
  return { drawn, sink, clock: () => now, pass: (milliseconds: number) => (now += milliseconds) };
}

test("drawing is throttled, but the end is always drawn", () => {
  const { drawn, sink, clock, pass } = recorder();
  const bar = progress(1000, { sink, clock });
  for (let i = 1; i <= 1000; i++) {
    pass(1);
    bar.update(i);
  }
  bar.done();
  assert.equal(
    drawn.map((state) => state.done),
    [0, 200, 400, 600, 800, 1000, 1000],
  );
  assert.ok(drawn[6].finished);
});

test("rate and time left follow the clock", () => {
  const { drawn, sink, clock, pass } = recorder();
  const bar = progress(40, { label: "training", unit: "trials", sink, clock });
  pass(5000);
  bar.update(10, "loss 0.1");
  assert.is(drawn[1].rate, 2);
  assert.is(
    progressLine(drawn[1]),
    "training: █████░░░░░░░░░░░░░░░ 25 % · 10/40 trials · 2/s · 15 s left · loss 0.1",
  );
});

test("update works as a bare callback, and nothing is drawn after the end", () => {
  const { drawn, sink, clock, pass } = recorder();
  const { update, done } = progress(2, { sink, clock });
  pass(300);
  [1, 2].forEach((i) => update(i));
  done();
  done();
  pass(300);
  update(1);
  assert.is(drawn.length, 3);
});

test("the last line is tidy: complete, or where it stopped", () => {
  const { drawn, sink, clock, pass } = recorder();
  const complete = progress(10, { label: "counting", unit: "regions", sink, clock });
  pass(65_000);
  complete.update(10);
  complete.done();
  assert.is(progressLine(drawn[drawn.length - 1]), "counting: 10 regions in 1 min 05 s · 0.15/s");
  const stopped = progress(10, { label: "counting", sink, clock });
  pass(1000);
  stopped.update(4);
  stopped.done();
  assert.is(progressLine(drawn[drawn.length - 1]), "counting: stopped at 4/10 in 1.0 s · 4/s");
});

test("steady outputs tell neither times nor rates, nor the version of Node", () => {
  const { drawn, sink, clock, pass } = recorder();
  const bar = progress(20, { label: "training", unit: "trials", sink, clock });
  pass(4000);
  bar.done("good");
  assert.is(progressLine(drawn[1]), "training: stopped at 0/20 trials in 4.0 s · good");
  process.env.RELU_LAB_STEADY = "1";
  try {
    assert.is(progressLine(drawn[1]), "training: stopped at 0/20 trials · good");
    assert.not.ok("node" in versions());
  } finally {
    delete process.env.RELU_LAB_STEADY;
  }
  assert.ok("node" in versions());
});

test("an unknown total shows no share; a wrong one is refused", () => {
  const { drawn, sink, clock, pass } = recorder();
  const bar = progress(0, { label: "reading", sink, clock });
  pass(1000);
  bar.update(7);
  assert.is(progressLine(drawn[1]), "reading: 7 · 7/s");
  assert.throws(() => progress(NaN), /total is NaN/);
  assert.throws(() => progress(-1), /total is -1/);
});

test.run();
