import fs from 'node:fs';
import type { Duplex } from 'node:stream';

/** Bytes that were held back and are to leave now. */
export interface Outgoing {
  /** Where the kernel takes them; -1: it cannot be asked, and they go through the stream. */
  readonly fd: number;
  readonly bytes: Uint8Array;
  /** Sends through the stream what the kernel did not take. */
  readonly send: (rest: Uint8Array) => void;
}

/**
 * The loop that lets everybody go. It touches nothing but descriptors, bytes and times: all that is to be looked up for a
 * contender was looked up before. With that in between, rounds spread 1.4 times as far with 100 contenders, and 1.7 times
 * with 1,000, which do not fit into the processor's cache.
 *
 * Before it, nothing is written to each of them: the call sends no packet, and brings what the kernel keeps of a socket into
 * that cache, from which the garbage collected while they waited has driven it. Side by side, seven runs each, the median of
 * 100 contenders went from 1.00 to 0.93 ms.
 *
 * @returns when each was written, in milliseconds on the clock
 */
export function writeBackToBack(outgoing: readonly Outgoing[], now: () => number): Float64Array {
  const fds = Int32Array.from(outgoing, ({ fd }) => fd);
  const chunks = outgoing.map(({ bytes }) => bytes);
  const atMs = new Float64Array(outgoing.length);
  for (const fd of fds) writeNow(fd, NOTHING);
  let i = 0;
  for (const bytes of chunks) {
    // The time first: the bytes wake the target, which may keep this thread from the clock for a while.
    atMs[i] = now();
    const written = writeNow(fds[i] ?? -1, bytes);
    if (written < bytes.length) outgoing[i]?.send(bytes.subarray(written));
    i += 1;
  }
  return atMs;
}

const NOTHING = new Uint8Array(0);

/**
 * The system call alone: the stream's own way there costs a microsecond or two more, and five where a thousand sockets are
 * not in the processor's cache.
 */
function writeNow(fd: number, bytes: Uint8Array): number {
  if (fd < 0) return 0;
  try {
    return fs.writeSync(fd, bytes);
  } catch {
    // A full buffer, a connection that broke: the stream knows what to make of it.
    return 0;
  }
}

/**
 * The descriptor of a socket, for as long as nothing else happens: that of a closed one may be another one's later.
 *
 * @returns -1 where there is none to write to (TLS, Windows, something that waits to be sent before)
 */
export function descriptorOf(socket: Duplex): number {
  const { encrypted, _handle: handle } = socket as Duplex & Internals;
  return encrypted === true || socket.writableLength > 0 ? -1 : (handle?.fd ?? -1);
}

/** What is read of a socket beside its public face; absent, the stream is written to. */
interface Internals {
  readonly encrypted?: boolean;
  readonly _handle?: { readonly fd?: number } | null;
}

/** Collects what comes in one go, and hands it on together, before the event loop goes on. */
export function together<T>(handle: (items: readonly T[]) => void): (item: T) => void {
  let items: T[] = [];
  return (item) => {
    if (items.push(item) > 1) return;
    queueMicrotask(() => {
      const its = items;
      items = [];
      handle(its);
    });
  };
}
