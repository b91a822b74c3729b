import type { ModuleCall } from "./call";
import { withTeam, type Team } from "./team";

/** Calls a function of a pool's module by name, in whichever thread is free first. */
export type Call = (name: string, task: unknown) => Promise<unknown>;

/** The threads of a pool that are at leisure, and the calls that wait for one. */
class Pool {
  private readonly free: number[];
  private readonly waiting: ((worker: number) => void)[] = [];

  constructor(
    private readonly team: Team,
    private readonly module: string,
  ) {
    this.free = Array.from({ length: team.size }, (_, worker) => worker);
  }

  async call(name: string, task: unknown): Promise<unknown> {
    const worker = this.free.shift() ?? (await new Promise<number>((resolve) => this.waiting.push(resolve)));
    try {
      return await this.team.askOne(worker, { module: this.module, name, task } satisfies ModuleCall);
    } finally {
      const next = this.waiting.shift();
      if (next) next(worker);
      else this.free.push(worker);
    }
  }
}

/**
 * Runs `work` with threads that call a module's functions and live just as long; an interrupt of the process ends them
 * at once.
 *
 * @param module absolute path of the compiled module
 * @param workers how many threads
 * @param work what calls its functions
 * @param given ends the threads too; then interrupts are the caller's affair
 * @returns what `work` returns
 * @throws what `work` throws; the signal's reason, or "interrupted", when the threads were ended
 */
export async function withPool<R>(
  module: string,
  workers: number,
  work: (call: Call) => Promise<R>,
  given?: AbortSignal,
): Promise<R> {
  return withTeam(
    `${__dirname}/call.js`,
    workers,
    async (team) => {
      const pool = new Pool(team, module);
      try {
        return await work((name, task) => pool.call(name, task));
      } finally {
        await team.end(); // what the module has loaded takes memory
      }
    },
    given,
  );
}
