import { HeldDuplex } from './held-duplex.ts';
import { DATA, END_STREAM, frameReader, RST_STREAM } from './http2-frames.ts';
import type { Outgoing } from './release-loop.ts';

/** What the client says first on every connection: `PRI * HTTP/2.0`, two line ends, `SM`, two line ends (RFC 9113, 3.4). */
const PREFACE_BYTES = 24;

interface HeldStream {
  readonly pieces: Buffer[];
  readonly complete: () => void;
}

/**
 * The way of an HTTP/2 session: keeps the final DATA frames of streams, each until it is taken, and lets all else through
 * meanwhile, so that the frames of a hundred contenders are ready before the release. A frame may come later than those of
 * other streams that were made after it: only the order within a stream has a meaning (RFC 9113, 5).
 */
export class HeldFrames extends HeldDuplex {
  readonly #streams = new Map<number, HeldStream>();
  #prefaceBytes = PREFACE_BYTES;
  #passing: Buffer[] = [];

  readonly #read = frameReader(({ type, flags, stream }, piece, { isLast }) => {
    // It is over: what was kept for it would be an error now.
    if (type === RST_STREAM) this.#streams.delete(stream);
    const held = type === DATA ? this.#streams.get(stream) : undefined;
    (held?.pieces ?? this.#passing).push(piece);
    if (held !== undefined && isLast && (flags & END_STREAM) !== 0) queueMicrotask(held.complete);
  });

  /** From now on, the DATA frames of the stream are kept; `complete` is told when the last one is. */
  hold(stream: number, complete: () => void): void {
    this.#streams.set(stream, { pieces: [], complete });
  }

  /** The stream is over: nothing is kept for it. */
  forget(stream: number): void {
    this.#streams.delete(stream);
  }

  /** Gives out the frames of these streams, one after the other. */
  takeFrames(streams: readonly number[]): Outgoing {
    const pieces = streams.flatMap((stream) => this.#streams.get(stream)?.pieces ?? []);
    for (const stream of streams) this.#streams.delete(stream);
    return this.outgoing(Buffer.concat(pieces));
  }

  protected override pass(bytes: Buffer): Buffer {
    const preface = bytes.subarray(0, this.#prefaceBytes);
    this.#prefaceBytes -= preface.length;
    this.#passing = [preface];
    this.#read(bytes.subarray(preface.length));
    return Buffer.concat(this.#passing);
  }
}
