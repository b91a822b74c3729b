import * as path from "node:path";
import { readNotebook } from "../notebook/nbformat";
import { outputsDigest, sourcesDigest } from "../run/record";
import type { Section } from "../run/sections";
import { codeDigest } from "./code-digest";
import { hasOutputs, savedRecord } from "./saved-notebook";

/** What is said of one notebook's outputs. */
export interface Staleness {
  section: Section;
  /** Why they are not those that a run would save now; empty when they are. */
  reasons: string[];
}

/**
 * Compares what a notebook says of its saved outputs with what it holds and with the code as it is now. Nothing is
 * run. Not compared: the data behind them (their provenance says which it was) and the installed Node.
 * @param section the notebook
 * @param profile the profile of which the outputs shall be
 */
export function staleness(section: Section, profile: string): Staleness {
  const notebook = readNotebook(section.file);
  const saved = savedRecord(notebook);
  if (!saved) {
    const reason = hasOutputs(notebook) ? "its outputs were not written by --save" : "it has no outputs";
    return { section, reasons: [reason] };
  }
  const reasons: string[] = [];
  if (saved.profile !== profile)
    reasons.push(`its outputs are of the profile "${saved.profile}", not "${profile}"`);
  if (saved.sources !== sourcesDigest(notebook)) reasons.push("its cells have been edited since");
  if (saved.outputs !== outputsDigest(notebook)) reasons.push("its outputs are no longer the saved ones");
  if (saved.code !== codeDigest(notebook, path.dirname(section.file)))
    reasons.push("the code that it runs has changed since");
  return { section, reasons };
}
