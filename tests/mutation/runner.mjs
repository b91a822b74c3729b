// Stryker's test runner for uvu: each runner has a testing process of its own (process.cjs), ends it when a test uses more
// of the processor than it may, and starts another.
import { fork } from "node:child_process";
import * as fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { clearInterval, setInterval } from "node:timers";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

const CHECK_MILLISECONDS = 250;

/** Seconds of the processor that a process has used so far, where /proc tells; else by the clock. */
function processorSeconds(pid) {
  try {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return performance.now() / 1000;
  }
}

export class Runner {
  child = undefined;
  /** What compile.mjs has made: Stryker runs this in its sandbox. */
  compiled = path.resolve("compiled");
  planFile = path.join(this.compiled, "plan.json");

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {}

  async dispose() {
    this.end();
  }

  end() {
    this.child?.kill("SIGKILL");
    this.child = undefined;
  }

  start(variant) {
    this.child ??= fork(path.join(here, "process.cjs"), {
      execArgv: ["--require", path.join(here, "thread.cjs")],
      env: {
        ...process.env,
        RELU_LAB_MUTATION: path.join(this.compiled, variant),
        RELU_LAB_WORKERS: "1", // threads only where a test asks for them
        RELU_LAB_SHARED: "nowhere", // without the large networks
      },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
  }

  /** The process's answer, or how it ended without one. `limitOf` gives a test's time. */
  ask(request, limitOf) {
    return new Promise((resolve) => {
      const { child } = this;
      let current;
      const finish = (result) => {
        clearInterval(watch);
        child.removeAllListeners();
        resolve(result);
      };
      const watch = setInterval(() => {
        if (!current) return;
        const { id, cpu, wall } = current;
        const limit = limitOf(id);
        const used = [processorSeconds(child.pid) - cpu, performance.now() / 1000 - wall];
        if (used[0] > limit.cpu || used[1] > limit.wall) {
          this.end();
          finish({ late: id });
        }
      }, CHECK_MILLISECONDS);
      child.on("message", (message) => {
        if ("start" in message) {
          current = {
            id: message.start,
            cpu: processorSeconds(child.pid),
            wall: performance.now() / 1000,
          };
        } else finish(message);
      });
      child.on("exit", (code, signal) => {
        this.child = undefined;
        finish({ broken: `the process ended with ${code ?? signal}` });
      });
      child.send(request);
    });
  }

  async dryRun() {
    this.start("cover");
    const { done, broken } = await this.ask("cover");
    this.end();
    if (!done) return { status: "error", errorMessage: broken };
    const { tests } = done;
    const mutantsOf = JSON.parse(fs.readFileSync(path.join(this.compiled, "mutants.json"), "utf8"));
    const { perTest, statics } = coverage(mutantsOf, done.atStart, tests);
    const times = Object.fromEntries(tests.map(({ id, file, cpu, wall }) => [id, { file, cpu, wall }]));
    fs.writeFileSync(this.planFile, JSON.stringify({ times, statics: [...statics] }));
    return {
      status: "complete",
      mutantCoverage: { static: {}, perTest },
      tests: tests.map(({ id, file, name, failure, wall }) => ({
        id,
        name,
        timeSpentMs: wall * 1000,
        ...place(file, name),
        ...(failure === undefined ? { status: 0 } : { status: 1, failureMessage: failure }),
      })),
    };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    this.plan ??= JSON.parse(fs.readFileSync(this.planFile, "utf8"));
    this.statics ??= new Set(this.plan.statics);
    const { times } = this.plan;
    const ids = (testFilter ?? Object.keys(times)).sort((a, b) => times[a].cpu - times[b].cpu);
    const mutant = Number(activeMutant.id);
    this.start("mutate");
    const request = {
      mutant,
      hitLimit,
      isStatic: this.statics.has(mutant),
      tests: ids.map((id) => ({ id, file: times[id].file })),
    };
    const { done, late, broken } = await this.ask(request, (id) => ({
      cpu: 1.5 + 4 * times[id].cpu,
      wall: 60 + 20 * times[id].wall, // a deadlock uses no processor
    }));
    if (late) return { status: "timeout", reason: late };
    if (broken) return { status: "error", errorMessage: broken };
    if (done.endless) return { status: "timeout", reason: done.failure };
    if (!done.killedBy) return { status: "survived", nrOfTests: done.count };
    return {
      status: "killed",
      killedBy: [done.killedBy],
      nrOfTests: done.count,
      failureMessage: done.failure,
    };
  }
}

/**
 * Which mutants each test reaches. What runs while the sources load (a constant) belongs to every test that reaches
 * something else of the same file; what runs while a test file loads, to every test of that file. Both are static: the
 * process loads everything anew for them.
 */
function coverage(mutantsOf, atStart, tests) {
  const statics = new Set(Object.keys(atStart).map(Number));
  const perTest = {};
  for (const { id, atLoad, hits } of tests) {
    perTest[id] = { ...hits };
    for (const [mutant, count] of Object.entries(atLoad)) {
      statics.add(Number(mutant));
      perTest[id][mutant] = (hits[mutant] ?? 0) + count;
    }
  }
  for (const [file, ids] of Object.entries(mutantsOf)) {
    const constant = ids.filter((mutant) => mutant in atStart);
    const folder = file.split(path.sep)[3];
    let reaching = tests.filter(({ id }) => ids.some((mutant) => perTest[id][mutant]));
    if (reaching.length === 0) reaching = tests.filter((test) => test.file.split(path.sep)[2] === folder);
    for (const { id } of reaching)
      for (const mutant of constant) perTest[id][mutant] = (perTest[id][mutant] ?? 0) + atStart[mutant];
  }
  return { perTest, statics };
}

/** Where a test stands, for Stryker to tell which tests have changed. */
function place(file, name) {
  const fileName = path.resolve(file.replace(/\.js$/, ".ts"));
  const lines = fs.readFileSync(fileName, "utf8").split("\n");
  const line = lines.findIndex((text) => text.includes(`test("${name}`));
  return line < 0 ? { fileName } : { fileName, startPosition: { line, column: 0 } };
}
