import fs from 'node:fs';
import type { Socket } from 'node:net';

/**
 * Keeps back what is written to a socket, so that a whole request can be sent but for its last byte and that byte at the
 * release: last-byte synchronisation. It works below Node's HTTP client, so it is the same for a request with a body and
 * one without, and it works above TLS.
 */
export interface HeldSocket {
  /** From now on, writes are collected and not sent. */
  hold(): void;
  /** Sends what was collected but for its last byte; `flushed` is called once the kernel has it. */
  sendAllButLast(flushed: () => void): void;
  /** Sends the last byte, and lets later writes through. */
  sendLast(): void;
}

/** The last byte of most requests is the same: one buffer for all of them stays in the processor's cache. */
const ONE_BYTE: readonly Uint8Array[] = Array.from({ length: 256 }, (_, byte) => Buffer.from([byte]));

const known = new WeakMap<Socket, HeldSocket>();

/** The socket's holder; the same one for the same socket. */
export function heldSocketOf(socket: Socket): HeldSocket {
  const existing = known.get(socket);
  if (existing) return existing;

  const send = socket.write.bind(socket) as (data: Uint8Array, sent?: () => void) => boolean;
  let collected: Uint8Array[] | undefined;
  let last: Uint8Array | undefined;

  const write = (chunk: Uint8Array | string, encoding?: unknown, callback?: unknown): boolean => {
    const sent = (typeof encoding === 'function' ? encoding : callback) as (() => void) | undefined;
    const data = typeof chunk === 'string' ? Buffer.from(chunk, encodingOf(encoding)) : chunk;
    if (collected === undefined) return send(data, sent);
    collected.push(data);
    // Node's HTTP client takes the request as finished once its writes are called back.
    if (sent) process.nextTick(sent);
    return true;
  };
  socket.write = write as Socket['write'];

  const held: HeldSocket = {
    hold() {
      collected = [];
    },
    sendAllButLast(flushed) {
      const bytes = Buffer.concat(collected ?? []);
      last = ONE_BYTE[bytes.at(-1) ?? 0];
      send(bytes.subarray(0, -1), flushed);
    },
    sendLast() {
      const byte = last;
      last = undefined;
      collected = undefined;
      if (byte !== undefined && !writeNow(socket, byte)) send(byte);
    },
  };
  known.set(socket, held);
  return held;
}

const encodingOf = (encoding: unknown) => (typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');

/**
 * Writes the byte by the system call alone: the stream's own way there costs a microsecond or two more, and five where a
 * thousand sockets are not in the processor's cache. Nothing waits before it: all but this byte was flushed.
 *
 * @returns false where that cannot be (TLS, Windows, a connection that broke): the stream knows what to make of it
 */
function writeNow(socket: Socket, byte: Uint8Array): boolean {
  const { encrypted, _handle: handle } = socket as Socket & Internals;
  // Asked each time: the descriptor of a closed socket may be another one's by now.
  const fd = handle?.fd ?? -1;
  if (encrypted === true || fd < 0) return false;
  try {
    return fs.writeSync(fd, byte) === 1;
  } catch {
    return false;
  }
}

/** What is read of a socket beside its public face; absent, the stream is written to. */
interface Internals {
  readonly encrypted?: boolean;
  readonly _handle?: { readonly fd?: number } | null;
}
