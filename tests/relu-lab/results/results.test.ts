import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { createRequire } from "node:module";
import * as path from "node:path";
import { results } from "relu-lab";
import { resultsCommand } from "../../../packages/relu-lab/dist/cli/results";

type Row = { index: number; i: number; value: number };
type Draws = results.Experiment<{ count: number; wait?: number }, Row>;
const fixtures = path.join(__dirname, "../../fixtures/results");
const made = createRequire(__filename)(path.join(fixtures, "experiments.cjs")) as {
  ran: { trials: number };
  draws: Draws;
  batches: Draws;
  special: results.Experiment<{ what: string }>;
  failing: results.Experiment;
  threads: results.Experiment<object, { index: number; workers: number; asked: string }>;
};
const { draws, batches, special, failing, threads, ran } = made;

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-results-"));
process.on("exit", () => fs.rmSync(scratch, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => path.join(scratch, String(++folders));

/** Runs in this thread and also gives what was said and how many trials ran. */
async function run(folder: string, options: Partial<results.RunOptions> = {}, experiment = draws) {
  const said: string[] = [];
  const before = ran.trials;
  const say = (line: string) => said.push(line);
  const given = { trials: 10, seed: 4, workers: 1, folder, say, ...options };
  const result = await results.run(experiment, { count: 3 }, given);
  return { ...result, said, ran: ran.trials - before };
}

const parts = (folder: string) => fs.readdirSync(folder).filter((name) => name.endsWith(".trials"));

test("rows are kept, a second run takes them and says so in one line", async () => {
  const folder = newFolder();
  const first = await run(folder);
  assert.equal([first.made, first.reused, first.ran, first.said], [10, 0, 10, []]);
  const second = await run(folder);
  assert.equal([second.made, second.reused, second.ran], [0, 10, 0]);
  assert.equal(second.rows, first.rows);
  assert.is(second.said.length, 1);
  assert.match(
    second.said[0],
    /^draws: 10 trials from the result store \(.*draws.*\); --fresh makes them again$/,
  );
  assert.is(path.dirname(path.dirname(second.folder)), folder);
});

test("where outputs shall be steady, nothing is said of the store unless somebody listens", async () => {
  const folder = newFolder();
  await run(folder);
  const printed: string[] = [];
  const log = console.log;
  console.log = (line: string) => void printed.push(line);
  try {
    await run(folder, { say: undefined });
    assert.is(printed.length, 1);
    process.env.RELU_LAB_STEADY = "1";
    await run(folder, { say: undefined });
    assert.is(printed.length, 1);
    assert.is((await run(folder)).said.length, 1);
  } finally {
    console.log = log;
    delete process.env.RELU_LAB_STEADY;
  }
});

test("more trials make the new ones only, fewer take a part, in the order asked for", async () => {
  const folder = newFolder();
  const ten = await run(folder);
  const more = await run(folder, { trials: 25 });
  assert.equal([more.made, more.reused], [15, 10]);
  assert.equal(more.rows.slice(0, 30), ten.rows);
  assert.match(more.said[0], /, 15 to run$/);
  const some = await run(folder, { trials: [17, 3] });
  assert.equal(some.trials, [more.trials[17], more.trials[3]]);
  assert.is(some.made, 0);
});

test("the same rows from one worker or two, trial by trial or in batches, in any order", async () => {
  const one = await run(newFolder(), { trials: 40 });
  const two = await run(newFolder(), { trials: 40, workers: 2 });
  const batch = await run(newFolder(), { trials: 40, workers: 2 }, batches);
  const backwards = await run(newFolder(), { trials: [...Array(40).keys()].reverse() });
  assert.equal(two.rows, one.rows);
  assert.equal(batch.rows, one.rows);
  assert.equal([...backwards.trials].reverse(), one.trials);
  assert.is(new Set(one.rows.map((row) => row.value)).size, 120, "no two trials share numbers");
});

test("other seed, configuration, data or version: another entry", async () => {
  const folder = newFolder();
  const first = await run(folder);
  const others = [
    await run(folder, { seed: 5 }),
    await run(folder, { data: { set: "mnist", count: 8000 } }),
    await run(folder, {}, { ...draws, version: "2" }),
  ];
  for (const other of others) {
    assert.is(other.made, 10);
    assert.is.not(other.folder, first.folder);
  }
  assert.not.equal(others[0].rows, first.rows);
  const options = { trials: 1, workers: 1, folder, say: () => {} };
  const abc = await results.run(draws, { count: 1, wait: 0 }, options);
  const cba = await results.run(draws, { wait: 0, count: 1 }, options);
  assert.is(abc.folder, cba.folder, "the order of keys does not matter");
});

test("fresh makes them again, by option once a run and by RELU_LAB_FRESH once a process and entry", async () => {
  const folder = newFolder();
  await run(folder);
  const env = process.env;
  try {
    process.env = { ...env, RELU_LAB_FRESH: "1" };
    assert.equal((await run(folder)).made, 10);
    assert.equal((await run(folder)).made, 0);
  } finally {
    process.env = env;
  }
  assert.equal((await run(folder, { keep: false })).made, 10);
});

test("an aborted run keeps what had finished, and the next one goes on from there", async () => {
  for (const workers of [1, 2]) {
    const folder = newFolder();
    const controller = new AbortController();
    const config = { count: 3, wait: 30 };
    const options = { trials: 40, seed: 4, workers, folder, say: () => {} };
    const onProgress = (done: number) => done >= 6 && controller.abort(new Error("stopped by hand"));
    try {
      await results.run(draws, config, { ...options, signal: controller.signal, onProgress });
      assert.unreachable("it should have been stopped");
    } catch (error) {
      assert.match((error as Error).message, /^stopped by hand$/);
    }
    const rest = await results.run(draws, config, options);
    assert.ok(rest.reused >= 6 && rest.reused < 40, `${rest.reused} trials were kept`);
    assert.equal(rest.rows, (await run(newFolder(), { trials: 40 })).rows);
  }
});

test("a signal that has aborted before the start runs nothing", async () => {
  const folder = newFolder();
  try {
    await run(folder, { signal: AbortSignal.abort(new Error("too late")) });
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, "too late");
  }
  assert.not.ok(fs.existsSync(folder));
});

test("damaged records are noticed, said, and made again; the whole ones are kept", async () => {
  const folder = newFolder();
  const whole = await run(folder);
  const damage: [string, (text: string) => string, number][] = [
    [
      "a digit changed",
      (text) => text.replace(/"value":(-?\d+)\.(\d)/, (_, a, b) => `"value":${a}.${(Number(b) + 1) % 10}`),
      1,
    ],
    ["cut short", (text) => text.slice(0, -20), 1],
    ["a trial's number changed", (text) => text.replace(/^(\w{32}) 0 /, "$1 7 "), 1],
    ["emptied", () => "", 10],
    ["overwritten", () => "x\n".repeat(10), 10],
    ["continued", (text) => `${text}x\n`, 0],
  ];
  for (const [name, change, lost] of damage) {
    for (const part of parts(whole.folder)) fs.rmSync(path.join(whole.folder, part));
    await run(folder);
    const file = path.join(whole.folder, parts(whole.folder)[0]);
    const text = fs.readFileSync(file, "utf8");
    assert.is.not(change(text), text);
    fs.writeFileSync(file, change(text));
    const again = await run(folder);
    assert.is(again.made, lost, name);
    assert.match(again.said[0], /damaged records? in .* dropped/, name);
    assert.equal(again.rows, whole.rows, name);
    const third = await run(folder);
    assert.equal([third.made, third.said.length], [0, 1], `${name}: repaired`);
  }
  fs.writeFileSync(path.join(whole.folder, "about.json"), "{");
  assert.is((await run(folder)).made, 0);
  assert.is(JSON.parse(fs.readFileSync(path.join(whole.folder, "about.json"), "utf8")).experiment, "draws");
});

test("doubles come back to their last bit, also those JSON has no word for", async () => {
  const options = { trials: 1, workers: 1, folder: newFolder(), say: () => {} };
  const first = await results.run(special, { what: "numbers" }, options);
  const second = await results.run(special, { what: "numbers" }, options);
  const expected = {
    a: NaN,
    b: -Infinity,
    c: Infinity,
    d: -0,
    e: 0.1 + 0.2,
    f: 5e-324,
    g: null,
    h: "é\n",
    i: [1, NaN],
  };
  for (const { rows } of [first, second]) {
    for (const [key, value] of Object.entries(expected)) {
      if (key !== "i") assert.ok(Object.is((rows[0] as Record<string, unknown>)[key], value), key);
    }
    assert.equal((rows[0] as typeof expected).i, [1, NaN]);
  }
  assert.is(second.reused, 1);
});

test("what cannot be kept or is no row is refused, naming experiment, trial and field", async () => {
  const options = { trials: [3], workers: 1, folder: newFolder(), say: () => {} };
  const refused: [string, RegExp][] = [
    ["typed array", /^special, trial 3: "knots" is a Float64Array: rows and configurations hold/],
    ["no rows", /^special, trial 3: gave object, not an array of rows$/],
    ["throws", /^special, trial 3: the loss is not finite$/],
  ];
  for (const [what, message] of refused) {
    for (const workers of [1, 2]) {
      try {
        await results.run(special, { what }, { ...options, workers, trials: workers === 1 ? [3] : [3, 3] });
        assert.unreachable(what);
      } catch (error) {
        assert.match((error as Error).message, message);
      }
    }
  }
  for (const [broken, message] of [
    [{ ...draws, name: "Über uns" }, /name is "Über uns": use a-z/],
    [{ ...draws, trial: undefined }, /draws has neither trial nor batch/],
    [{ ...draws, version: "" }, /draws has no version/],
  ] as [Draws, RegExp][]) {
    try {
      await run(newFolder(), {}, broken);
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, message);
    }
  }
  for (const [trials, bad] of [
    [-1, -1],
    [2.5, 2.5],
    [Infinity, Infinity],
    [[1, -2], -2],
  ] as const) {
    try {
      await run(newFolder(), { trials });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, RangeError);
      assert.is((error as Error).message, `results: draws: trials is ${bad}: give whole numbers from 0`);
    }
  }
});

test("a trial that fails does not lose the others", async () => {
  const folder = newFolder();
  const options = { trials: 20, folder, say: () => {} };
  for (const workers of [1, 2]) {
    try {
      await results.run(failing, {}, { ...options, workers });
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).message, "failing, trial 5: weights are not finite");
    }
  }
  const five = await results.run(failing, {}, { ...options, workers: 1, trials: 1 });
  assert.is(five.reused, 1);
});

test("a trial in a worker is told to use one thread", async () => {
  const options = { folder: newFolder(), keep: false, say: () => {} };
  const many = await results.run(threads, {}, { ...options, trials: 4, workers: 2 });
  for (const row of many.rows) assert.equal([row.workers, row.asked], [1, "1"]);
  const alone = await results.run(threads, {}, { ...options, trials: 1, workers: 2 });
  assert.is(alone.rows[0].workers, 2);
});

test("a folder that cannot be written degrades to one line", async () => {
  fs.writeFileSync(path.join(scratch, "a-file"), "");
  const result = await run(path.join(scratch, "a-file", "results"), { trials: 20 });
  assert.is(result.rows.length, 60);
  assert.is(result.folder, "");
  assert.is(result.said.length, 1);
  assert.match(
    result.said[0],
    /^draws: results are not kept: .* cannot be written to .*a-file.results.* \(E\w+\); .*RELU_LAB_RESULTS/,
  );
});

test("code: a change in the module, in what it requires, or in its worker makes another entry", async () => {
  const copy = path.join(scratch, "code");
  fs.mkdirSync(copy);
  for (const name of ["experiments.cjs", "helper.cjs"])
    fs.copyFileSync(path.join(fixtures, name), path.join(copy, name));
  const versions = new Set<string>();
  // codeVersion remembers a file of this process, as the loaded code stays too: each state gets a folder of its own.
  const states: [string, (folder: string) => void][] = [
    ["as it is", () => {}],
    ["helper", (folder) => fs.writeFileSync(path.join(folder, "helper.cjs"), "exports.scale = 3;")],
    ["module", (folder) => fs.appendFileSync(path.join(folder, "experiments.cjs"), "exports.more = 1;\n")],
    [
      "worker",
      (folder) => {
        fs.appendFileSync(path.join(folder, "experiments.cjs"), 'exports.w = "thread.cjs";\n');
        fs.writeFileSync(path.join(folder, "thread.cjs"), "");
      },
    ],
    [
      "worker changed",
      (folder) => {
        fs.appendFileSync(path.join(folder, "experiments.cjs"), 'exports.w = "thread.cjs";\n');
        fs.writeFileSync(path.join(folder, "thread.cjs"), "exports.work = 1;");
      },
    ],
  ];
  states.forEach(([, change], i) => {
    const folder = path.join(copy, String(i));
    fs.mkdirSync(folder);
    for (const name of ["experiments.cjs", "helper.cjs"])
      fs.copyFileSync(path.join(copy, name), path.join(folder, name));
    change(folder);
    versions.add(results.codeVersion(path.join(folder, "experiments.cjs")));
  });
  assert.is(versions.size, states.length);
  for (const name of ["elsewhere", "commented"])
    fs.cpSync(path.join(copy, "0"), path.join(copy, name), { recursive: true });
  fs.appendFileSync(
    path.join(copy, "commented", "helper.cjs"),
    "\n\n// thread.cjs is no worker's file here\n",
  );
  const [here, there, commented] = ["0", "elsewhere", "commented"].map((name) =>
    results.codeVersion(path.join(copy, name, "experiments.cjs")),
  );
  assert.is(there, here, "the place of the checkout does not matter");
  assert.is(commented, here, "comments and white space do not matter");
});

interface Answer {
  rows: Row[];
  made: number;
  reused: number;
}

function inProcess(folder: string, trials: number, wait: number, killAfter = 0): Promise<Answer | null> {
  const script = path.join(fixtures, "run-draws.cjs");
  const child = spawn(process.execPath, [script, folder, String(trials), String(wait)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  if (killAfter > 0) setTimeout(() => child.kill("SIGKILL"), killAfter);
  return new Promise((done) =>
    child.on("close", (code) => done(code === 0 ? (JSON.parse(text) as Answer) : null)),
  );
}

test("two processes on one entry at once, and one that is killed, leave a whole entry", async () => {
  const folder = newFolder();
  const [a, b, killed] = await Promise.all([
    inProcess(folder, 60, 20),
    inProcess(folder, 60, 20),
    inProcess(folder, 60, 20, 900),
  ]);
  assert.is(killed, null);
  assert.equal(a!.rows, b!.rows);
  const third = (await inProcess(folder, 60, 20))!;
  assert.equal([third.made, third.reused], [0, 60]);
  assert.equal(third.rows, a!.rows);
  const [stored] = results.storedResults(folder);
  assert.equal([stored.trials, stored.damaged, stored.state], [60, 0, "current"]);
});

function command(...args: string[]) {
  const [out, err]: string[][] = [[], []];
  const code = resultsCommand(
    args,
    (line) => out.push(line),
    (line) => err.push(line),
  );
  return { code, out, err };
}

test("a store's entries alone are listed and pruned: whatever else stands in the folder is somebody else's", async () => {
  const folder = newFolder();
  const { folder: entry } = await run(folder);
  const others = ["packages/relu-lab", "draws/notes"].map((name) => path.join(folder, name));
  for (const other of others) {
    fs.mkdirSync(other, { recursive: true });
    fs.writeFileSync(path.join(other, "about.json"), "{}");
  }
  // What another process renames or removes between two looks is gone at the second one.
  fs.symlinkSync("nowhere", path.join(entry, ".unfinished-gone"));
  assert.equal(
    results.storedResults(folder).map((found) => found.folder),
    [entry],
  );
  assert.match(command("prune", "--all", "--folder", folder).out.at(-1)!, /^removed 1 of 1/);
  for (const other of others) assert.ok(fs.existsSync(path.join(other, "about.json")), other);
});

test("npm run results: list, show, prune", async () => {
  const folder = newFolder();
  const at = ["--folder", folder];
  assert.match(command("list", ...at).out[0], /^nothing is kept in /);
  const { rows, folder: entry } = await run(folder);
  await run(folder, { seed: 9 });
  await results.run(failing, {}, { trials: 3, workers: 1, folder, say: () => {} });
  const digest = path.basename(entry);

  const list = command("list", ...at);
  assert.is(list.code, 0);
  assert.is(list.out.length, 1 + 3 + 1);
  assert.ok(
    list.out.some(
      (line) => line.includes(digest) && line.includes("current") && line.includes('{"count":3}'),
    ),
  );
  const listed = JSON.parse(command("list", "--json", "--experiment", "draws", ...at).out[0]);
  assert.equal(listed.map((r: { seed: number }) => r.seed).sort(), [4, 9]);

  const shown = command("show", digest.slice(0, 9), ...at);
  assert.ok(
    shown.out.some((line) => /trials +10, 30 rows/.test(line)),
    shown.out.join("\n"),
  );
  const json = JSON.parse(command("show", digest, "--json", ...at).out[0]);
  assert.equal(
    json.results.flatMap((t: { rows: Row[] }) => t.rows),
    rows,
  );
  const lines = command("show", digest, "--rows", ...at).out.map((line) => JSON.parse(line));
  assert.equal(
    lines.map((row) => row.value),
    rows.map((row) => row.value),
  );

  // The code of an entry that says another version than today's is stale.
  const other = path.join(path.dirname(entry), "0123456789abcdef");
  fs.cpSync(entry, other, { recursive: true });
  const dry = command("prune", "--dry-run", ...at);
  assert.match(dry.out.at(-1)!, /^would remove 1 of 4 results/);
  assert.ok(fs.existsSync(other));
  assert.match(command("prune", ...at).out.at(-1)!, /^removed 1 of 4 results/);
  assert.not.ok(fs.existsSync(other));
  assert.match(command("prune", "--older-than", "1", ...at).out.at(-1)!, /^removed 0 of 3/);
  assert.match(command("prune", "--all", "--experiment", "failing", ...at).out.at(-1)!, /^removed 1 of 1/);
  assert.is(JSON.parse(command("list", "--json", ...at).out[0]).length, 2);

  for (const [args, message] of [
    [["show"], /show wants a digest/],
    [["show", "zz"], /there is no result "zz"/],
    [["show", ""], /show wants a digest/],
    [["lust"], /unknown command "lust": one of list, show, prune/],
    [["list", "draws"], /list does not take "draws"/],
    [["list", "--experiment", "nothing"], /nothing is kept of "nothing"; there is draws/],
    [["prune", "--older-than", "soon"], /give a number of days/],
    [["prune", "--older-than", "d"], /give a number of days/],
    [["list", "--no-such"], /no-such/],
  ] as [string[], RegExp][]) {
    const { code, err } = command(...args, ...at);
    assert.is(code, 2);
    assert.match(err[0], message);
  }
});

test.run();
