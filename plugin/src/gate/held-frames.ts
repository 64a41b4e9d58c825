import { HeldDuplex } from './held-duplex.ts';
import { DATA, END_STREAM, frameReader, RST_STREAM, resetOf } from './http2-frames.ts';
import type { Outgoing } from './release-loop.ts';

/** What the client says first on every connection: `PRI * HTTP/2.0`, two line ends, `SM`, two line ends (RFC 9113, 3.4). */
const PREFACE_BYTES = 24;

interface HeldStream {
  readonly pieces: Buffer[];
  readonly complete: () => void;
  /** The last of its frames is here. */
  isWhole: boolean;
  /** The other end has ended it before. */
  isAnswered: boolean;
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

  /** Keeps the frame that is being read; absent: it passes. */
  #keeper: HeldStream | undefined;

  readonly #read = frameReader(({ type, flags, stream }, piece, { isFirst, isLast }) => {
    // It is over: what was kept for it would be an error now.
    if (type === RST_STREAM) this.#streams.delete(stream);
    // Once for a frame: the rest of one whose stream is forgotten meanwhile must not pass without its header.
    if (isFirst) this.#keeper = type === DATA ? this.#streams.get(stream) : undefined;
    const its = this.#keeper;
    (its?.pieces ?? this.#passing).push(piece);
    if (its === undefined || !isLast || (flags & END_STREAM) === 0) return;
    its.isWhole = true;
    if (its.isAnswered) this.#passing.push(this.#reset(stream));
    else queueMicrotask(its.complete);
  });

  /** From now on, the DATA frames of the stream are kept; `complete` is told when the last one is. */
  hold(stream: number, complete: () => void): void {
    this.#streams.set(stream, { pieces: [], complete, isWhole: false, isAnswered: false });
  }

  /** Whether the final frame of the stream is here and of use. */
  holds(stream: number): boolean {
    const its = this.#streams.get(stream);
    return its?.isWhole === true && !its.isAnswered;
  }

  /**
   * The other end has ended the stream. Where it did not wait for what is kept, Node takes the stream for over, and would
   * leave it open over there, where it counts against the limit of streams: so it is reset here.
   */
  answered(stream: number): void {
    const its = this.#streams.get(stream);
    if (its === undefined) return;
    its.isAnswered = true;
    if (!its.isWhole) return;
    const { bytes, send } = this.outgoing(this.#reset(stream));
    send(bytes);
  }

  /** The stream is over: nothing is kept for it. What of an answered one is still on its way here is not let through. */
  forget(stream: number): void {
    if (this.#streams.get(stream)?.isAnswered !== true) this.#streams.delete(stream);
  }

  #reset(stream: number): Buffer {
    this.#streams.delete(stream);
    return resetOf(stream);
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
