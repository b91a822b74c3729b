export { Kernel, KernelDiedError, type ExecuteReply, type KernelOptions } from "./kernel/kernel";
export { createMessage, decodeMessage, encodeMessage, type Header, type Message } from "./kernel/message";
export {
  formatNotebook,
  parseNotebook,
  readNotebook,
  type Cell,
  type MimeBundle,
  type Notebook,
  type Output,
} from "./notebook/nbformat";
export { OutputCollector, settleCarriageReturns } from "./notebook/outputs";
export { parseValue, type Value } from "./notebook/literal";
export {
  applyParameters,
  describeParameters,
  notebookParameters,
  notebookProfiles,
  ParameterError,
  readParameters,
  type Override,
  type Parameter,
} from "./notebook/parameters";
export {
  runNotebook,
  type CellStart,
  type Failure,
  type RunOptions,
  type RunResult,
} from "./run/run-notebook";
export { findTrace } from "./run/trace";
export { findSections, selectSections, type Section } from "./run/sections";
export {
  claimsType,
  readClaims,
  type Claim,
  type ClaimRecord,
  type ClaimsOutput,
  type Provenance,
} from "./run/claims";
export { makeReport, writeSite, type FailedSection, type ReportOptions } from "./run/make-report";
export { Progress } from "./run/progress";
export type { RunRecord, SectionState } from "./run/record";
export { renderMarkdown } from "./html/markdown";
export { sanitiseHtml } from "./html/sanitise";
export { readSite, type Site } from "./html/site";
export { renderReport, type RenderedFile } from "./html/render-report";
export { reportCommand } from "./cli/report-command";
export { notebooksCommand } from "./cli/notebooks-command";
export { readmeCommand } from "./cli/readme-command";
export type { ReadmeTools } from "./readme/make-readme";
export type { Draw } from "./readme/figure-files";
export { kernelCommand } from "./cli/kernel-command";
export { formatProblem, lintNotebook, type LintProblem } from "./notebook/lint";
export { installKernelSpec, jupyterDataFolder, kernelSpec } from "./kernelspec/install";
