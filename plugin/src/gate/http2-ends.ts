import { DATA, END_STREAM, frameReader, HEADERS } from './http2-frames.ts';

/** Which streams the target has ended properly. */
export interface StreamEnds {
  /** Takes the bytes that came, in order, cut anywhere. */
  readonly read: (bytes: Buffer) => void;
  /** Whether the stream has ended; true once for each stream. */
  take(stream: number | undefined): boolean;
}

/**
 * Finds the ends of streams in the bytes of a connection. Node reports the end of a body also when the stream was cut off by
 * a reset without an error, as a server does that shuts down.
 *
 * @param ended called for each end when it comes
 */
export function watchEnds(ended: (stream: number) => void): StreamEnds {
  const streams = new Set<number>();
  return {
    read: frameReader(({ type, flags, stream }, _piece, { isFirst }) => {
      if (!isFirst || (type !== DATA && type !== HEADERS) || (flags & END_STREAM) === 0) return;
      streams.add(stream);
      ended(stream);
    }),
    take: (stream) => streams.delete(stream ?? 0),
  };
}
