import { readWords, UsageError } from "./command-line";

/** What the command line asks for. */
export interface ReportArguments {
  sections: string[];
  set: Record<string, string>;
  profile: string;
  out: string | null;
  jobs: number | null;
  /** s */
  cellTimeout: number;
  /** Results are made again, not taken from the store. */
  fresh: boolean;
  /** Only what has been edited since its page was made. */
  changed: boolean;
  /** Outputs are written into the notebooks themselves. */
  save: boolean;
  /** The site is served and made again while notebooks and packages are edited. */
  serve: boolean;
  port: number | null;
  list: boolean;
  help: boolean;
}

const defaultCellTimeout = 3600;
export const defaultPort = 8147;

export const help = `npm run report [-- SECTION ...] [options]

Runs the notebooks in the tslab kernel and writes a self-contained site to report/:
a first page with all claims, a page a notebook, the executed notebooks, claims.json.

  SECTION               a number (7 or 07), a name (07-sawtooth or sawtooth) or a glob ("0*");
                        several allowed, all when none is named. What is not named keeps the
                        page and the claims that an earlier run left in report/.
  --set KEY=VALUE       changes a value of the notebook's parameters cell; may be repeated.
                        Typed: a number, true or false, text, a list as 1,2,3 or [1,2,3].
  --profile NAME        a parameter set: quick (the notebook's own values) or full
  --fresh               makes costly results again instead of taking them from data/results
  --changed             only the sections whose notebook, or code behind it, has changed since
                        their page was made
  --save                writes the outputs into notebooks/*.ipynb too, without times: the same
                        bytes for the same seed, data and backend. See npm run notebooks -- --help
  --serve               serves the site to this machine and runs a section again whenever its
                        notebook or the code behind it is saved; pages reload by themselves.
                        Ctrl-C ends it
  --port N              the port of --serve; default ${defaultPort}, or another one when that is taken
  --list                lists the sections, their state and their parameters, and runs nothing
  --out DIR             where the site goes; default report/
  --jobs N              notebooks that run at a time; default 2, or 1 on a single core
  --cell-timeout S      interrupts a cell after S seconds; default ${defaultCellTimeout}
  --help                this text

Ends with code 0 when every notebook passed, 1 when one failed, 2 for a wrong command line
or a wrong parameter.

  npm run report
  npm run report -- 07 --set depth=10
  npm run report -- "0*" --profile full
  npm run report -- 07 --serve`;

function positive(text: string | undefined, option: string, whole: boolean): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    throw new UsageError(`${option} wants a positive ${whole ? "whole " : ""}number, not "${text}"`);
  }
  return value;
}

/** Reads the command line of the report; throws UsageError. */
export function readArguments(args: readonly string[]): ReportArguments {
  const { values, positionals } = readWords("npm run report", args, {
    set: { type: "string", multiple: true },
    profile: { type: "string" },
    out: { type: "string" },
    jobs: { type: "string" },
    "cell-timeout": { type: "string" },
    fresh: { type: "boolean" },
    changed: { type: "boolean" },
    save: { type: "boolean" },
    serve: { type: "boolean" },
    port: { type: "string" },
    list: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  const set: Record<string, string> = {};
  // `--set a=1 b=2` reads naturally too: an equals sign never stands in a section's name.
  const assignments = [...(values.set ?? []), ...positionals.filter((word) => word.includes("="))];
  if (!values.set && assignments.length > 0) throw new UsageError(`write --set before ${assignments[0]}`);
  for (const assignment of assignments) {
    const match = /^([A-Za-z_$][\w$]*)=(.*)$/s.exec(assignment);
    if (!match) throw new UsageError(`--set wants KEY=VALUE, not "${assignment}"`);
    set[match[1]] = match[2];
  }
  if (values.save && Object.keys(set).length > 0)
    throw new UsageError("--save keeps the outputs of a profile: leave --set away");
  if (values.save && values.serve) throw new UsageError("--save and --serve do not go together");
  const port = positive(values.port, "--port", true);
  if (port !== null && port > 65535) throw new UsageError(`--port wants a number up to 65535, not ${port}`);
  return {
    sections: positionals.filter((word) => !word.includes("=")),
    set,
    profile: values.profile ?? "quick",
    out: values.out ?? null,
    jobs: positive(values.jobs, "--jobs", true),
    cellTimeout: positive(values["cell-timeout"], "--cell-timeout", false) ?? defaultCellTimeout,
    fresh: values.fresh ?? false,
    changed: values.changed ?? false,
    save: values.save ?? false,
    serve: values.serve ?? false,
    port,
    list: values.list ?? false,
    help: values.help ?? false,
  };
}
