import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import path from "node:path";
import { datasets } from "relu-lab";
import { bucket, serve, temporaryFolder, tinyDataset } from "./fixture";

const { loadIdxDataset } = datasets;
const { names, contents, packed, dataset } = tinyDataset();
const folders: string[] = [];
const newCache = () => {
  const folder = temporaryFolder();
  folders.push(folder);
  return folder;
};
test.before(() => {
  delete process.env.RELU_LAB_DATA;
  delete process.env.RELU_LAB_OFFLINE;
});
test.after(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});
const filesOf = (cache: string) => fs.readdirSync(path.join(cache, "tiny")).sort();
const whole = names.map((name) => `${name}.gz`).sort();

test("a download is shown, kept, and not repeated", async () => {
  const server = await serve(bucket(names, packed));
  const cache = newCache();
  const progress: datasets.DownloadProgress[] = [];
  const lines: string[] = [];
  const options = {
    cache,
    onProgress: (p: datasets.DownloadProgress) => progress.push(p),
    log: (l: string) => lines.push(l),
  };
  const set = await loadIdxDataset(dataset([server.address]), options);
  assert.is(set.provenance.source, "download");
  assert.equal([...set.train.images], [...contents[0].subarray(16)]);
  assert.equal([...set.test.labels], [...contents[3].subarray(8)]);
  assert.is(
    set.provenance.counts.trainByClass.reduce((a, b) => a + b),
    3000,
  );
  assert.equal(filesOf(cache), whole, "no unfinished file, no lock");
  const total = packed.reduce((sum, bytes) => sum + bytes.length, 0);
  assert.equal(progress.at(-1), { file: "test-labels", received: total, total });
  for (let i = 1; i < progress.length; i++) assert.ok(progress[i].received >= progress[i - 1].received);
  assert.is(server.requests.length, 4);

  const again = await loadIdxDataset(dataset([server.address]), options);
  assert.is(again.provenance.source, "cache");
  assert.is(again.provenance.digest, set.provenance.digest);
  assert.is(server.requests.length, 4);
  await server.close();
});

test("an interrupted download is resumed where it stopped", async () => {
  const server = await serve(bucket(names, packed));
  const cache = newCache();
  fs.mkdirSync(path.join(cache, "tiny"));
  fs.writeFileSync(path.join(cache, "tiny", "train-images.gz.part"), packed[0].subarray(0, 1000));
  await loadIdxDataset(dataset([server.address]), { cache, log: () => {} });
  assert.is(server.requests[0], "/train-images.gz bytes=1000-");
  assert.equal(filesOf(cache), whole);
  await server.close();
});

test("a connection that breaks off is taken up again", async () => {
  const good = bucket(names, packed);
  let breaks = 2;
  const server = await serve((request, response) => {
    if (request.url !== "/train-images.gz" || breaks-- <= 0) return good(request, response);
    const from = Number(/\d+/.exec(request.headers.range ?? "0")?.[0]);
    response.writeHead(from ? 206 : 200, { "content-length": packed[0].length - from });
    response.write(packed[0].subarray(from, from + 2000), () => setTimeout(() => response.destroy(), 50));
  });
  const set = await loadIdxDataset(dataset([server.address]), { cache: newCache(), log: () => {} });
  assert.is(set.train.count, 3000);
  assert.equal(server.requests.slice(0, 3), [
    "/train-images.gz",
    "/train-images.gz bytes=2000-",
    "/train-images.gz bytes=4000-",
  ]);
  await server.close();
});

test("what was resumed onto something else is thrown away and fetched again", async () => {
  const server = await serve(bucket(names, packed));
  const cache = newCache();
  fs.mkdirSync(path.join(cache, "tiny"));
  fs.writeFileSync(path.join(cache, "tiny", "train-images.gz.part"), Buffer.alloc(1000, 7));
  const lines: string[] = [];
  await loadIdxDataset(dataset([server.address]), { cache, log: (line) => lines.push(line) });
  assert.match(lines.join("\n"), /train-images arrived with SHA-256 .* thrown away/);
  assert.is(server.requests[1], "/train-images.gz");
  assert.equal(filesOf(cache), whole);
  await server.close();
});

test("a mirror with other contents is passed over for the next", async () => {
  const other = await serve(
    bucket(
      names,
      packed.map((bytes) => Buffer.from(bytes).reverse()),
    ),
  );
  const good = await serve(bucket(names, packed));
  const set = await loadIdxDataset(dataset([other.address, good.address]), {
    cache: newCache(),
    log: () => {},
  });
  assert.is(set.provenance.source, "download");
  assert.is(good.requests.length, 4);
  await Promise.all([other.close(), good.close()]);
});

test("a damaged cache is noticed by its digest, reported and made again", async () => {
  const server = await serve(bucket(names, packed));
  const cache = newCache();
  await loadIdxDataset(dataset([server.address]), { cache, log: () => {} });
  const file = path.join(cache, "tiny", "test-images.gz");
  const lines: string[] = [];
  for (const damage of [packed[2].subarray(0, 60), packed[0], Buffer.from("")]) {
    fs.writeFileSync(file, damage);
    const set = await loadIdxDataset(dataset([server.address]), { cache, log: (line) => lines.push(line) });
    assert.is(set.provenance.source, "download");
    assert.equal(fs.readFileSync(file), packed[2]);
  }
  assert.is(
    lines.filter((line) => line.includes("test-images.gz") && line.includes("removed from the cache")).length,
    3,
  );
  assert.is(server.requests.length, 4 + 3, "only the damaged file is fetched");
  await server.close();
});

test("a machine without a network waits once a process, a few seconds at most", async () => {
  // A child process: that the mirrors cannot be reached is remembered for the rest of the process.
  const silent = await serve(() => {}); // takes the connection and never answers
  const script = `
    const { datasets } = require("relu-lab");
    const tiny = ${JSON.stringify(dataset([silent.address, silent.address]))};
    const embedded = () => ({ ...one, description: "one image" });
    const image = { images: new Uint8Array(4), labels: Uint8Array.of(1), count: 1 };
    const one = { train: image, test: image };
    (async () => {
      const seconds = [];
      for (let i = 0; i < 2; i++) {
        const start = performance.now();
        const set = await datasets.loadIdxDataset(tiny, { cache: ${JSON.stringify(newCache())}, log: () => {} }, embedded);
        seconds.push((performance.now() - start) / 1000);
        console.log(JSON.stringify(set.provenance));
      }
      console.log(JSON.stringify(seconds));
    })();`;
  const { spawn } = await import("node:child_process");
  const out = await new Promise<string>((done) => {
    const child = spawn(process.execPath, ["--eval", script], { cwd: path.resolve(__dirname, "../../..") });
    let text = "";
    child.stdout.on("data", (data) => (text += data));
    child.stderr.on("data", (data) => (text += data));
    child.on("close", () => done(text));
  });
  const [first, second, seconds] = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.is(first.source, "embedded");
  assert.is(first.notes.length, 1, "one explanatory line");
  assert.match(
    first.notes[0],
    /Tiny: no full set \(no mirror delivers train-images: 127.0.0.1:\d+: no answer within 2.5 s\); using one image/,
  );
  assert.is(second.digest, first.digest);
  assert.ok(seconds[0] < 6, `waited ${seconds[0]} s`);
  assert.ok(seconds[1] < 0.5, `waited ${seconds[1]} s the second time`);
  assert.is(silent.requests.length, 2);
  await silent.close();
});

test("two downloads at once do not harm each other", async () => {
  const server = await serve((request, response) =>
    setTimeout(() => bucket(names, packed)(request, response), 50),
  );
  const cache = newCache();
  const load = () => loadIdxDataset(dataset([server.address]), { cache, log: () => {} });
  const sets = await Promise.all([load(), load(), load()]);
  for (const set of sets) assert.is(set.train.count, 3000);
  assert.equal(filesOf(cache), whole);
  await server.close();
});

const partOf = (pid: number, host = os.hostname()) => `train-images.gz.${host}-${pid}-0123abcd.part`;

test("what a killed process left is continued, what a living one has is not", async () => {
  const server = await serve(bucket(names, packed));
  const dead = spawnSync(process.execPath, ["--eval", ""]).pid;
  for (const [name, from] of [
    [partOf(dead), 500],
    [partOf(process.ppid), 0],
    [partOf(dead, "another-machine"), 0],
  ] as const) {
    server.requests.length = 0;
    const cache = newCache();
    fs.mkdirSync(path.join(cache, "tiny"));
    fs.writeFileSync(path.join(cache, "tiny", name), packed[0].subarray(0, 500));
    await loadIdxDataset(dataset([server.address]), { cache, log: () => {} });
    assert.is(server.requests[0], `/train-images.gz${from ? ` bytes=${from}-` : ""}`);
    assert.equal(filesOf(cache), from ? whole : [...whole, name].sort());
  }
  await server.close();
});

test("what killed processes left beside a complete file is removed by the next run that looks there", async () => {
  const server = await serve(bucket(names, packed));
  const cache = newCache();
  const load = () => loadIdxDataset(dataset([server.address]), { cache, log: () => {} });
  await load();
  const dead = spawnSync(process.execPath, ["--eval", ""]).pid;
  const [old, young] = [partOf(1, "another-machine"), partOf(2, "another-machine")];
  for (const name of [partOf(dead), "train-images.gz.part", old, young])
    fs.writeFileSync(path.join(cache, "tiny", name), "half");
  const before = new Date(Date.now() - 2 * 24 * 3600 * 1000);
  fs.utimesSync(path.join(cache, "tiny", old), before, before);
  assert.is((await load()).provenance.source, "cache");
  assert.equal(filesOf(cache), [...whole, young].sort());
  await server.close();
});

test("a mirror that sends without end is left at twice the published size, and nothing is kept", async () => {
  let sent = 0;
  const endless = await serve((_request, response) => {
    response.writeHead(200);
    const pour = () => {
      while (!response.destroyed && response.write(Buffer.alloc(1000))) sent += 1000;
    };
    response.on("drain", pour);
    pour();
  });
  const cache = newCache();
  const lines: string[] = [];
  const load = (mirrors: string[]) =>
    loadIdxDataset(dataset(mirrors), { cache, log: (line) => lines.push(line) });
  let refused = "";
  await load([endless.address]).catch((error: Error) => (refused = error.message));
  assert.match(refused, /train-images arrived with more than \d+ bytes instead of \d+/);
  assert.equal(filesOf(cache), []);
  assert.ok(sent < 2 ** 26, `${sent} bytes were sent`); // what the sockets hold
  const good = await serve(bucket(names, packed));
  assert.is((await load([endless.address, good.address])).provenance.source, "download");
  assert.match(lines.at(-1)!, /instead of \d+, from 127\.0\.0\.1:\d+; thrown away/);
  await Promise.all([endless.close(), good.close()]);
});

test.run();
