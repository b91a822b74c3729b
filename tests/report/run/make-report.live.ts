import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { PassThrough } from "node:stream";
import { findSections, makeReport, Progress, writeSite } from "@relu-lab/report";
import { executedText, notebookOf, repositoryWith } from "../fixtures";

test("a section that cannot be written ends the report: what runs beside it ends first, nothing begins after", async () => {
  const slow = notebookOf(["# Slow", "await new Promise((done) => setTimeout(done, 1500))"]);
  const root = repositoryWith({
    "01-first": notebookOf(["# First", "1"]),
    "02-slow": slow,
    "03-third": notebookOf(["# Third", "3"]),
  });
  const out = path.join(root, "report");
  fs.mkdirSync(path.join(out, "01-first.ipynb"), { recursive: true }); // a folder where the notebook should go
  const all = findSections(path.join(root, "notebooks"));
  const progress = new Progress(new PassThrough().resume());
  let thrown: Error | undefined;
  try {
    await makeReport({
      ...{ all, selected: all, out, progress, jobs: 2, cellTimeout: 60_000, profile: "quick", set: {} },
      site: { title: "", question: "", introduction: "" },
    });
  } catch (error) {
    thrown = error as Error;
  }
  progress.close();
  assert.match(thrown?.message ?? "", "01-first.ipynb");
  assert.equal(fs.readdirSync(out).sort(), ["01-first.ipynb", "02-slow.ipynb"]);
});

test("a section that another report ends while the pages are written stands on all of them", () => {
  const [first, second] = ["# First", "# Second"].map((title) => notebookOf([title, "1"]));
  const root = repositoryWith({ "01-first": first, "02-second": second });
  const out = path.join(root, "report");
  fs.mkdirSync(out);
  fs.writeFileSync(path.join(out, "01-first.ipynb"), executedText(first));
  const file = path.join(out, "02-second.ipynb");
  fs.writeFileSync(file, "half");
  const progress = new Progress(new PassThrough().resume());
  progress.print = (text) => {
    assert.match(text, /02-second\.ipynb is damaged/); // it has been read: now the other report ends
    fs.writeFileSync(file, executedText(second));
  };
  const all = findSections(path.join(root, "notebooks"));
  writeSite({ all, out, progress, site: { title: "", question: "", introduction: "" } });
  progress.close();
  assert.match(fs.readFileSync(path.join(out, "index.html"), "utf8"), /02-second\.html/);
  assert.ok(fs.existsSync(path.join(out, "02-second.html")));
});

test.run();
