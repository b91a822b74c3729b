// A kernel as JupyterLab has it: through @jupyterlab/services and a Jupyter server.
import type { Message } from "@relu-lab/report";
import type { Server } from "./server";

/** What is used of @jupyterlab/services' kernel connection. */
interface Connection {
  requestExecute(content: { code: string }): {
    onIOPub: (message: Message) => void;
    readonly done: Promise<{ content: { status: string; execution_count: number } }>;
  };
  requestComplete(content: { code: string; cursor_pos: number }): Promise<{ content: { matches: string[] } }>;
  requestInspect(content: {
    code: string;
    cursor_pos: number;
    detail_level: 0;
  }): Promise<{ content: { found: boolean; data: Record<string, string> } }>;
  requestIsComplete(content: { code: string }): Promise<{ content: { status: string } }>;
  interrupt(): Promise<void>;
  restart(): Promise<void>;
  readonly info: Promise<{ implementation: string; language_info: { name: string } }>;
}

/** What a cell came to. */
export interface Executed {
  readonly status: string;
  readonly count: number;
  readonly messages: Message[];
  /** All text of its streams. */
  readonly text: string;
}

/** A session of a notebook in a Jupyter server. */
export class LabKernel {
  private constructor(
    private readonly session: { readonly kernel: Connection; shutdown(): Promise<void> },
    private readonly managers: readonly { dispose(): void }[],
  ) {}

  /** Opens a session as JupyterLab does for a notebook at that path; `services` is the loaded @jupyterlab/services. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  static async open(services: any, server: Server, path: string): Promise<LabKernel> {
    const serverSettings = services.ServerConnection.makeSettings({
      baseUrl: server.url,
      wsUrl: server.url.replace("http", "ws"),
      token: server.token,
    });
    const kernelManager = new services.KernelManager({ serverSettings });
    const sessions = new services.SessionManager({ serverSettings, kernelManager });
    await sessions.ready;
    const session = await sessions.startNew({
      name: path,
      path,
      type: "notebook",
      kernel: { name: "tslab" },
    });
    await session.kernel.info;
    return new LabKernel(session, [sessions, kernelManager]);
  }

  get connection(): Connection {
    return this.session.kernel;
  }

  async execute(code: string, onMessage: (message: Message) => void = () => {}): Promise<Executed> {
    const messages: Message[] = [];
    const future = this.connection.requestExecute({ code });
    future.onIOPub = (message) => {
      messages.push(message);
      onMessage(message);
    };
    const { content } = await future.done;
    const text = messages.map((message) => String(message.content.text ?? "")).join("");
    return { status: content.status, count: content.execution_count, messages, text };
  }

  async close(): Promise<void> {
    await this.session.shutdown();
    for (const manager of this.managers) manager.dispose();
  }
}
