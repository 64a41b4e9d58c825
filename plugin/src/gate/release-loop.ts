import fs from 'node:fs';
import type { Duplex } from 'node:stream';

/** Held bytes that leave now. */
export interface Outgoing {
  /** The descriptor to write them to; -1: they must go through the stream. */
  readonly fd: number;
  readonly bytes: Uint8Array;
  /** Sends the rest that the kernel did not take, through the stream. */
  readonly send: (rest: Uint8Array) => void;
}

/**
 * The release itself. The loop touches nothing but descriptors, bytes and times; everything else is looked up before it.
 * With the look-ups inside, the spread was 1.4 times as wide with 100 contenders, and 1.7 times with 1,000, which do not fit
 * into the processor's cache.
 *
 * Before the loop, an empty write to each socket: it sends no packet, but brings the kernel's data about the socket back into
 * the cache, after the garbage collection during the wait pushed it out. Side by side, in seven runs each, that took the
 * median spread of 100 contenders from 1.00 to 0.93 ms.
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
    // Read the clock first: the bytes wake the target, and this thread may then lose the processor for a while.
    atMs[i] = now();
    const written = writeNow(fds[i] ?? -1, bytes);
    if (written < bytes.length) outgoing[i]?.send(bytes.subarray(written));
    i += 1;
  }
  return atMs;
}

const NOTHING = new Uint8Array(0);

/**
 * Only the system call: writing through the stream costs 1 to 2 µs more, and 5 µs with a thousand sockets, which do not fit
 * into the processor's cache.
 */
function writeNow(fd: number, bytes: Uint8Array): number {
  if (fd < 0) return 0;
  try {
    return fs.writeSync(fd, bytes);
  } catch {
    // A full buffer or a broken connection: the stream deals with it.
    return 0;
  }
}

/**
 * The descriptor of a socket. Use it in the same turn of the event loop: once the socket is closed, another may get it.
 *
 * @returns -1 if the socket must be written to through the stream (TLS, Windows, or earlier data still waits there)
 */
export function descriptorOf(socket: Duplex): number {
  const { encrypted, _handle: handle } = socket as Duplex & Internals;
  return encrypted === true || socket.writableLength > 0 ? -1 : (handle?.fd ?? -1);
}

/** Undocumented properties of a socket. Where Node lacks them, the stream is written to. */
interface Internals {
  readonly encrypted?: boolean;
  readonly _handle?: { readonly fd?: number } | null;
}

/** Collects the items of one turn of the event loop, and handles them together before the next turn. */
export function together<T>(handle: (items: readonly T[]) => void): (item: T) => void {
  let items: T[] = [];
  return (item) => {
    if (items.push(item) > 1) return;
    queueMicrotask(() => {
      const batch = items;
      items = [];
      handle(batch);
    });
  };
}
