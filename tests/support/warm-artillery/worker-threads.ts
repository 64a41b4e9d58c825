// Replaces `node:worker_threads` in Artillery's launcher: this Worker keeps its thread for the next run.

import { EventEmitter } from 'node:events';
import { getEnvironmentData, Worker as Thread } from 'node:worker_threads';
import type { FromThread, ToThread } from './thread.ts';

/** The name under which the plugin shares the run with its workers. */
const SHARED = 'artillery-plugin-race';

const idle: Thread[] = [];
const kept = new WeakSet<Thread>();
const working = new Set<Worker>();
let runs = 0;

/** The part of Node's `Worker` that Artillery uses. */
export class Worker extends EventEmitter {
  readonly threadId: number;
  readonly #thread: Thread;
  readonly #ended: Promise<void>;

  constructor(_file: string, { env }: { readonly env: NodeJS.ProcessEnv }) {
    super();
    this.#thread = idle.pop() ?? new Thread(new URL('./thread.ts', import.meta.url), { env });
    kept.add(this.#thread);
    this.threadId = this.#thread.threadId;
    working.add(this);
    runs += 1;
    this.#ended = new Promise((resolve) => {
      this.#thread.on('message', (message: FromThread) => {
        if (message.warm === 'begun') this.emit('online');
        else if (message.warm === 'ended') resolve(this.#end(message.code, idle));
        else this.emit('message', message);
      });
      this.#thread.on('error', (error) => this.emit('error', error));
      this.#thread.on('exit', (code) => resolve(this.#end(code, [])));
    });
    this.#tell({ warm: 'begin', run: runs, env, shared: getEnvironmentData(SHARED) });
  }

  postMessage(message: object): void {
    this.#thread.postMessage(message);
  }

  #tell(message: ToThread): void {
    this.#thread.postMessage(message);
  }

  #end(code: number, keptIn: Thread[]): void {
    // Not all of them: Node's own listeners are among them.
    for (const event of ['message', 'error', 'exit']) this.#thread.removeAllListeners(event);
    working.delete(this);
    keptIn.push(this.#thread);
    this.emit('exit', code);
  }

  /** Resolves when the thread is free. Terminates a thread that does not end in time. */
  async finish(withinMs: number): Promise<void> {
    const timer = setTimeout(() => void this.#thread.terminate(), withinMs);
    await this.#ended;
    clearTimeout(timer);
  }
}

/** The thread stays for the next run. */
export const isKept = (thread: Thread): boolean => kept.has(thread);

/** Waits until the threads of the run that has just ended are free. */
export const threadsFree = (withinMs: number): Promise<unknown> =>
  Promise.all([...working].map((worker) => worker.finish(withinMs)));
