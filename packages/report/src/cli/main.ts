// The report's command by itself, in the folder it is started from; scripts/report.mjs also builds what is missing.
import { reportCommand } from "./report-command";

void reportCommand(process.argv.slice(2), process.cwd()).then((code) => (process.exitCode = code));
