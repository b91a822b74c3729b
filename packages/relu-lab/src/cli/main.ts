import { distanceReport } from "./distance";
import { readDocument, type NetworkDocument } from "./document";
import { printReport, type Report } from "./report";
import { regionsReport } from "./regions";
import { segmentReport } from "./segment";
import { parseArguments, type Arguments } from "./arguments";
import { asUserError, UserError } from "./user-error";

export const usage = `Counts the pieces of a ReLU network exactly.

  relu-lab regions FILE     regions on the file's domain: 1, 2 or 3 dimensions, or a plane through input space
      --count               activation regions only: neither linear regions nor maps
      --workers N           threads (default: one a core, where it pays)
      --plane WHAT          a plane through input space instead of the file's domain: random or random:SEED
                            (through a random point of the cube [-1, 1]),
                            mnist:I,J,K (through three training images), or a JSON file with three "points" or with
                            "origin", two "directions", "lo" and "hi"
      --box LO,HI           the box [LO, HI] in every dimension instead of the file's domain
      --statistics          areas (lengths, volumes), edges, neighbours, distinct patterns and gradients too
      --picture FILE        draws the regions of a plane; FILE ends in .svg or .png
  relu-lab segment FILE     pieces along the file's line
  relu-lab distance FILE    distances of the file's points to the boundaries of their activation regions

  --output NAME             the output that is wanted, where a file has several (default: its first)
  --json                    one JSON object instead of a table

FILE is a safetensors file of dense layers (ReLU between them), a piecewise-linear ONNX graph or TensorFlow.js graph
model, a TensorFlow.js layers model (its weights beside it; also as Keras is exported) of dense, convolution, pooling and
ReLU layers, each of them also as .gz, or JSON: { "sizes": [...], "layers": [{ "W": [[...]], "b": [...], "activation": "relu" | "linear" }],
  "domain": { "type": "box", "lo": [...], "hi": [...] } or { "type": "slice", "c", "u", "v", "lo", "hi" },
  "line": { "p": [...], "d": [...] }, "distance_to_boundary": [{ "x": [...] }] }
A layer's "activation" may be { "leaky": 0.1 }; a layer may be { "type": "residual", "blocks": [layers] } (an identity
skip), { "type": "convolution", "kernel", "size", "b", "stride", "padding", "activation" }, { "type": "max-pool" |
"average-pool", "size", "stride" } or { "type": "activation" }, with "input": [height, width, channels] for images.`;

/** One line, whatever a file's bytes have put into the message. */
const oneLine = (message: string): string =>
  message.replace(/\s*\n\s*/g, " ").replace(/[\p{Cc}\uFFFD]/gu, "?");

async function answer(document: NetworkDocument, wanted: Arguments): Promise<Report> {
  switch (wanted.command) {
    case "regions":
      return regionsReport(document, wanted);
    case "segment":
      return segmentReport(document);
    case "distance":
      return distanceReport(document);
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
    const document = await readDocument(parsed.file, parsed.output);
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
