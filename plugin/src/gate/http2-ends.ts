import { DATA, END_STREAM, frameReader, HEADERS } from './http2-frames.ts';

/** Which streams the other end has ended itself. */
export interface StreamEnds {
  /** What came from there, in order, cut anywhere. */
  readonly read: (bytes: Buffer) => void;
  /** Whether it has ended the stream; asked once for each. */
  take(stream: number | undefined): boolean;
}

/**
 * Reads the ends of streams off the bytes of a connection. Node tells the end of a body and nothing else: it is the same
 * for one that was cut off by a reset without an error, as of a server that goes down.
 *
 * @param heard is told of each end when it comes
 */
export function watchEnds(heard: (stream: number) => void): StreamEnds {
  const ended = new Set<number>();
  return {
    read: frameReader(({ type, flags, stream }, _piece, { isFirst }) => {
      if (!isFirst || (type !== DATA && type !== HEADERS) || (flags & END_STREAM) === 0) return;
      ended.add(stream);
      heard(stream);
    }),
    take: (stream) => ended.delete(stream ?? 0),
  };
}
