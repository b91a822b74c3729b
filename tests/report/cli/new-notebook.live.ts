// `npm run notebooks -- --new`: what it makes of the template runs, passes the lint and makes its claim.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { lintNotebook, notebooksCommand, reportCommand } from "@relu-lab/report";
import { captured } from "../fixtures";

const repository = path.resolve(__dirname, "../../..");
const template = path.join(repository, "notebooks/_template.ipynb");
// Within the checkout, so that the cells find its packages.
const cache = path.join(repository, "node_modules/.cache");
fs.mkdirSync(cache, { recursive: true });
const root = fs.mkdtempSync(path.join(cache, "new-notebook-"));
fs.mkdirSync(path.join(root, "notebooks"));
fs.copyFileSync(template, path.join(root, "notebooks/_template.ipynb"));
test.after(() => fs.rmSync(root, { recursive: true, force: true }));
const make = (name: string) => captured(() => notebooksCommand(["--new", name], root));

test("a new notebook has its title, passes the lint, and is run as it is", async () => {
  const { result, text } = await make("12-my-new-subject");
  assert.is(result, 0, text);
  assert.match(text, "npm run report -- 12");
  const made = fs.readFileSync(path.join(root, "notebooks/12-my-new-subject.ipynb"), "utf8");
  assert.match(made, '"# 12. My new subject\\n"');
  assert.match(made, '"title": "My new subject"');
  assert.equal(lintNotebook(made, "12-my-new-subject.ipynb"), []);
  const ran = await captured(() => reportCommand(["12"], root));
  assert.is(ran.result, 0, ran.text);
  const [claim] = JSON.parse(fs.readFileSync(path.join(root, "report/claims.json"), "utf8")) as { id: string; verdict: string }[]; // prettier-ignore
  assert.is(claim.id, "my-new-subject/pieces-and-neurons");
  assert.is(claim.verdict, "reproduced");
});

test("a name that is taken or is none is refused", async () => {
  assert.match((await make("12-other")).text, "the number 12 is taken by 12-my-new-subject");
  for (const name of ["twelve", "12", "12-../x", "12-Sub"]) assert.is((await make(name)).result, 2, name);
  assert.is((await captured(() => notebooksCommand(["--new", "13-x", "--check"], root))).result, 2);
  assert.equal(fs.readdirSync(path.join(root, "notebooks")).sort(), [
    "12-my-new-subject.ipynb",
    "_template.ipynb",
  ]);
});

test.run();
