// The program of a worker thread: trains groups of trials until none is left.
import { serve } from "../workers/serve";
import { runTrials, type RunEvent } from "./run";
import { SimdEngine } from "./simd-engine";
import { groupSize, nextGroup, stopped, type TrainTask } from "./threads";

serve<TrainTask>(({ plan, trials, shared }, _worker, post) => {
  const engine = new SimdEngine(plan.code, plan.optimiser);
  try {
    for (;;) {
      const first = groupSize * Atomics.add(shared, nextGroup, 1);
      if (first >= trials.length) break;
      let events: RunEvent[] = []; // one message for many: a message costs more than a step
      for (const event of runTrials(plan, engine, trials.slice(first, first + groupSize))) {
        events.push(event);
        if (!("trialSteps" in event)) continue;
        post(events);
        events = [];
        if (Atomics.load(shared, stopped) === 1) return { answer: null };
      }
      post(events);
    }
    return { answer: null };
  } finally {
    engine.release();
  }
});
