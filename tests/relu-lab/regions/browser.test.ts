// `relu-lab/regions` alone: in Node's two module systems, bundled in a page, and in a web worker.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { heNetwork } from "relu-lab/network";
import { generator } from "relu-lab/random";
import { countPlaneSync, countSpaceSync, planeSync, segment } from "relu-lab/regions";
import { launchBrowser } from "../../report/browser";

const root = path.join(__dirname, "../../..");

/** What every place must find for the same networks, in the engine's own numbers. */
function expected(): number[] {
  const flat = heNetwork([2, 24, 24, 1], generator(5), 0.2);
  const square = { lo: [-1, -1], hi: [1, 1] };
  const found = planeSync(flat, square);
  const space = countSpaceSync(heNetwork([3, 8, 6, 1], generator(5), 0.2), {
    lo: [-1, -1, -1],
    hi: [1, 1, 1],
  });
  const line = segment(flat, [-1, -1], [1, 1]);
  return [
    countPlaneSync(flat, square).regions,
    found.linearRegions,
    found.distinctMaps,
    space.regions,
    line.acts,
  ];
}

/** The same as a program's text; it awaits the asynchronous forms, which start threads where there are any. */
const program = `
  const flat = network.heNetwork([2, 24, 24, 1], random.generator(5), 0.2);
  const square = { lo: [-1, -1], hi: [1, 1] };
  const found = await regions.plane(flat, square);
  const counted = await regions.countPlane(flat, square);
  const space = await regions.countSpace(network.heNetwork([3, 8, 6, 1], random.generator(5), 0.2), { lo: [-1, -1, -1], hi: [1, 1, 1] });
  const line = regions.segment(flat, [-1, -1], [1, 1]);
  if (!(found.certified && counted.certified && space.certified && line.certified)) throw new Error("not certified");
  const answer = [counted.regions, found.linearRegions, found.distinctMaps, space.regions, line.acts];`;

function node(source: string, ...options: string[]): unknown {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...options, "-e", source], {
    cwd: root,
    encoding: "utf8",
  });
  assert.is(status, 0, stderr);
  return JSON.parse(stdout);
}

test("require and import of the subpath alone; no TensorFlow.js comes with it", () => {
  const cjs = `const [regions, network, random] = ["regions", "network", "random"].map((name) => require("relu-lab/" + name));
    (async () => { ${program}
      console.log(JSON.stringify({ answer, other: Object.keys(require.cache).filter((file) => /node_modules.(?!relu-lab)/.test(file)) })); })();`;
  assert.equal(node(cjs), { answer: expected(), other: [] });
  const esm = `import * as regions from "relu-lab/regions"; import * as network from "relu-lab/network"; import * as random from "relu-lab/random";
    ${program} console.log(JSON.stringify(answer));`;
  assert.equal(node(esm, "--input-type=module"), expected());
});

test("bundled, in a page and in a web worker", async () => {
  const bundle = await build({
    stdin: {
      contents: `export * as regions from "relu-lab/regions"; export * as network from "relu-lab/network"; export * as random from "relu-lab/random";`,
      resolveDir: root,
    },
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "lab",
    external: ["node:*"], // threads of Node, asked for in Node only
    write: false,
  });
  const [{ text }] = bundle.outputFiles;
  const browser = await launchBrowser();
  if (browser === null) return;
  try {
    const page = await browser.newPage();
    const wrong: string[] = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    await page.addScriptTag({ content: text });
    const inPage = await page.evaluate(
      `(async () => { const { regions, network, random } = lab; ${program} return answer; })()`,
    );
    assert.equal(inPage, expected(), "page");
    const worker = `${text}; (async () => { const { regions, network, random } = lab; ${program} postMessage(answer); })();`;
    const inWorker = await page.evaluate(
      (source) =>
        new Promise((resolve, reject) => {
          const program = new Worker(URL.createObjectURL(new Blob([source])));
          program.onmessage = ({ data }) => resolve(data);
          program.onerror = ({ message }) => reject(new Error(message));
        }),
      worker,
    );
    assert.equal(inWorker, expected(), "web worker");
    assert.equal(wrong, []);
  } finally {
    await browser.close();
  }
});

test.run();
