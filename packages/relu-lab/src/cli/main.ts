import { distanceReport } from "./distance";
import { readDocument, type NetworkDocument } from "./document";
import { printReport, type Report } from "./report";
import { regionsReport } from "./regions";
import { segmentReport } from "./segment";
import { parseArguments, type Arguments } from "./arguments";
import { usage } from "./usage";
import { asUserError, UserError } from "./user-error";

/** One line, whatever a file's bytes have put into the message. */
const oneLine = (message: string): string =>
  message.replace(/\s*\n\s*/g, " ").replace(/[\p{Cc}\uFFFD]/gu, "?");

async function answer(document: NetworkDocument, wanted: Arguments): Promise<Report> {
  switch (wanted.command) {
    case "regions":
      return regionsReport(document, wanted);
    case "segment":
      return segmentReport(document, wanted);
    case "distance":
      return distanceReport(document, wanted);
  }
}

/**
 * The command line: `relu-lab regions|segment|distance FILE` and its options, as {@link usage} lists them.
 *
 * @param args what stands after the program's name
 * @param out where lines of the answer go
 * @param err where a complaint goes
 * @returns the exit code: 0, or 2 for arguments or a file that are not right
 */
export async function main(
  args: readonly string[],
  out: (line: string) => void = console.log,
  err: (line: string) => void = console.error,
): Promise<number> {
  try {
    const parsed = parseArguments(args);
    if (parsed === "help") {
      out(usage);
      return 0;
    }
    const document = await readDocument(parsed.file, parsed.reading);
    const report = await answer(document, parsed).catch((error: unknown) => {
      throw asUserError(document.file, error);
    });
    const { notes } = document;
    if (notes.length > 0) err(`relu-lab: note: ${oneLine(notes.join("; "))}`);
    out(parsed.json ? JSON.stringify({ ...report, notes }) : printReport(report));
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    err(`relu-lab: ${oneLine(error.message)}`);
    return 2;
  }
}
