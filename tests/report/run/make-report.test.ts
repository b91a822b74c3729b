import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { PassThrough } from "node:stream";
import { findSections, makeReport, Progress } from "@relu-lab/report";
import { notebookOf, repositoryWith } from "../fixtures";

test("a section that cannot be written ends the report: what runs beside it is stopped, nothing begins after", async () => {
  const slow = notebookOf(["# Slow", "await new Promise((done) => setTimeout(done, 10_000))"]);
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
  assert.equal(fs.readdirSync(out).sort(), ["01-first.ipynb"]);
});

test.run();
