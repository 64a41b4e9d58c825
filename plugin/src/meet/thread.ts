import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { FromThread, MeetOptions, Opening, ToThread } from './messages.ts';
import { openPlace } from './place.ts';

/*
 * The thread that meets the other machines. It is a thread of its own so that heartbeats go on while the launcher works,
 * and so that the launcher can wait for an answer where nothing may be asynchronous: in its constructor, and at its exit.
 */

/** What the launcher gives this thread. */
export interface ThreadData {
  readonly options: MeetOptions;
  /** For answers that the launcher waits for without a turn of its event loop. */
  readonly port: MessagePort;
  /** Raised by one with each message on that port. */
  readonly raised: Int32Array<SharedArrayBuffer>;
  /** The current offset of the common clock, in milliseconds. */
  readonly offset: Float64Array<SharedArrayBuffer>;
}

const { options, port, raised, offset } = workerData as ThreadData;

const post = (message: Opening | FromThread) => {
  port.postMessage(message);
  Atomics.add(raised, 0, 1);
  Atomics.notify(raised, 0);
};

try {
  const place = await openPlace(
    options,
    () => Number(process.hrtime.bigint() - options.originNs) / 1e6,
    (message, isWaitedFor) => (isWaitedFor ? post(message) : parentPort?.postMessage(message)),
    (offsetMs) => {
      offset[0] = offsetMs;
    },
  );
  parentPort?.on('message', (message: ToThread) => void place.handle(message));
  post({ type: 'joined', machine: place.machine, key: place.key });
} catch (error) {
  post({ type: 'refused', message: (error as Error).message });
}
