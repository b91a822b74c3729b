import type { Message } from "../kernel/message";
import type { MimeBundle, Output } from "./nbformat";

type Display = Extract<Output, { output_type: "display_data" }>;

/** Keeps what a terminal would show of a text with carriage returns: the last state of each line. */
export function settleCarriageReturns(text: string): string {
  return text.replace(/\r+\n/g, "\n").replace(/[^\n]*\r(?=[^\n])/g, "");
}

/** Collects the outputs of a notebook's cells from the kernel's messages, as Jupyter does. */
export class OutputCollector {
  readonly #returning = new WeakSet<Output>();
  readonly #displays = new Map<string, Display[]>();

  /** Puts one message's content into `outputs`, the list of the cell that it answers. */
  take(message: Message, outputs: Output[]): void {
    const content = message.content;
    switch (message.header.msg_type) {
      case "stream":
        return this.#stream(
          content.name === "stderr" ? "stderr" : "stdout",
          String(content.text ?? ""),
          outputs,
        );
      case "display_data":
        return this.#display(content, outputs);
      case "update_display_data":
        return this.#update(content);
      case "execute_result":
        outputs.push({
          output_type: "execute_result",
          data: content.data as MimeBundle,
          metadata: (content.metadata ?? {}) as Record<string, unknown>,
          execution_count: (content.execution_count as number) ?? null,
        });
        return;
      case "error":
        outputs.push({
          output_type: "error",
          ename: String(content.ename),
          evalue: String(content.evalue),
          traceback: (content.traceback as string[]) ?? [],
        });
    }
  }

  #stream(name: "stdout" | "stderr", text: string, outputs: Output[]): void {
    const last = outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) {
      // Settled only where there is something to settle: a cell may print a hundred thousand lines.
      if (text.includes("\r")) this.#returning.add(last);
      const merged = last.text + text;
      last.text = this.#returning.has(last) ? settleCarriageReturns(merged) : merged;
      return;
    }
    const output: Output = { output_type: "stream", name, text: settleCarriageReturns(text) };
    if (text.includes("\r")) this.#returning.add(output);
    outputs.push(output);
  }

  #display(content: Record<string, unknown>, outputs: Output[]): void {
    const output: Display = {
      output_type: "display_data",
      data: content.data as MimeBundle,
      metadata: (content.metadata ?? {}) as Record<string, unknown>,
    };
    outputs.push(output);
    const id = displayId(content);
    if (id) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
  }

  /** A display may have been shown by an earlier cell: it is updated where it stands. */
  #update(content: Record<string, unknown>): void {
    for (const output of this.#displays.get(displayId(content) ?? "") ?? []) {
      output.data = content.data as MimeBundle;
      output.metadata = (content.metadata ?? {}) as Record<string, unknown>;
    }
  }
}

function displayId(content: Record<string, unknown>): string | undefined {
  const id = (content.transient as { display_id?: unknown } | undefined)?.display_id;
  return typeof id === "string" ? id : undefined;
}
