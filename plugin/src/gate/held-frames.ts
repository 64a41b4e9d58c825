import { HeldDuplex } from './held-duplex.ts';
import { DATA, END_STREAM, frameReader, RST_STREAM, resetOf } from './http2-frames.ts';
import type { Outgoing } from './release-loop.ts';

/** The client's first bytes on every connection, which are not a frame: `PRI * HTTP/2.0 … SM …` (RFC 9113, 3.4). */
const PREFACE_BYTES = 24;

interface HeldStream {
  readonly pieces: Buffer[];
  readonly complete: () => void;
  /** The final frame is here. */
  isWhole: boolean;
  /** The target has ended the stream without waiting for the final frame. */
  isAnswered: boolean;
}

/**
 * Below an HTTP/2 session: keeps the final DATA frames of streams until they are taken, and lets everything else through. So
 * the frames of a hundred contenders are ready before the release. Kept frames may be overtaken by those of other streams:
 * order matters only within a stream (RFC 9113, 5).
 */
export class HeldFrames extends HeldDuplex {
  readonly #streams = new Map<number, HeldStream>();
  #prefaceBytes = PREFACE_BYTES;
  #passing: Buffer[] = [];

  /** The stream that keeps the frame being read; undefined: the frame passes. */
  #keeper: HeldStream | undefined;

  readonly #read = frameReader(({ type, flags, stream }, piece, { isFirst, isLast }) => {
    // The stream is over: sending its kept frames now would be an error.
    if (type === RST_STREAM) this.#streams.delete(stream);
    // Decided once per frame: if the stream is forgotten in the middle of one, the rest must not pass without the header.
    if (isFirst) this.#keeper = type === DATA ? this.#streams.get(stream) : undefined;
    const held = this.#keeper;
    (held?.pieces ?? this.#passing).push(piece);
    if (held === undefined || !isLast || (flags & END_STREAM) === 0) return;
    held.isWhole = true;
    if (held.isAnswered) this.#passing.push(this.#reset(stream));
    else queueMicrotask(held.complete);
  });

  /** From now on, the DATA frames of the stream are kept; `complete` is called once the final one is. */
  hold(stream: number, complete: () => void): void {
    this.#streams.set(stream, { pieces: [], complete, isWhole: false, isAnswered: false });
  }

  /** Whether the final frame of the stream is kept and the target still waits for it. */
  holds(stream: number): boolean {
    const held = this.#streams.get(stream);
    return held?.isWhole === true && !held.isAnswered;
  }

  /**
   * The target has ended the stream. If it did not wait for the kept frame, the stream is reset: Node believes that the
   * stream is over, but it would stay open at the target and count against the limit of streams.
   */
  answered(stream: number): void {
    const held = this.#streams.get(stream);
    if (held === undefined) return;
    held.isAnswered = true;
    if (!held.isWhole) return;
    const { bytes, send } = this.outgoing(this.#reset(stream));
    send(bytes);
  }

  /** The stream is over: nothing is kept for it. An answered stream stays known, so that its late frames do not pass. */
  forget(stream: number): void {
    if (this.#streams.get(stream)?.isAnswered !== true) this.#streams.delete(stream);
  }

  #reset(stream: number): Buffer {
    this.#streams.delete(stream);
    return resetOf(stream);
  }

  /** Returns the frames of these streams, one after the other, and keeps them no longer. */
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
