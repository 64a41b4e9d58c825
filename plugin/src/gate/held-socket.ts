import type { Socket } from 'node:net';
import type { HeldRecords } from './held-duplex.ts';
import { descriptorOf, type Outgoing } from './release-loop.ts';

/**
 * Holds back what is written to a socket, so that everything but the last byte of a request can be sent, and that byte at the
 * release (last-byte synchronisation). It works below Node's HTTP client, so requests with and without a body are the same
 * to it. Over TLS the last byte is encrypted before the release, and the record is held below: encrypting in the release loop
 * made the loop up to 1.5 times as long.
 */
export interface HeldSocket {
  /** From now on, writes are collected and not sent. */
  hold(): void;
  /** Sends what was collected, without the last byte; `flushed` is called once the kernel has it. */
  sendAllButLast(flushed: () => void): void;
  /** Returns the last byte, and lets later writes through. */
  takeLast(): Outgoing;
}

/** Most requests end in the same byte, so they share a buffer, which stays in the processor's cache. */
const ONE_BYTE: readonly Uint8Array[] = Array.from({ length: 256 }, (_, byte) => Buffer.from([byte]));

const NONE = new Uint8Array();

const known = new WeakMap<Socket, HeldSocket>();

/**
 * The held socket of a socket; always the same one.
 *
 * @param below what the records of a TLS socket go through; undefined without TLS
 */
export function heldSocketOf(socket: Socket, below?: HeldRecords): HeldSocket {
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
    // Node's HTTP client counts the request as finished once its writes have called back.
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
      const byte = ONE_BYTE[bytes.at(-1) ?? 0];
      send(bytes.subarray(0, -1), () => {
        if (below === undefined || byte === undefined) {
          last = byte;
          flushed();
        } else {
          below.hold();
          send(byte, flushed);
        }
      });
    },
    takeLast() {
      const byte = last;
      last = undefined;
      collected = undefined;
      if (below !== undefined) return below.takeHeld();
      return { fd: descriptorOf(socket), bytes: byte ?? NONE, send };
    },
  };
  known.set(socket, held);
  return held;
}

const encodingOf = (encoding: unknown) => (typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
