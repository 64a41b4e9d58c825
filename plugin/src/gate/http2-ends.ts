/** Types of frames, and the flag by which the last one of a stream is known (RFC 9113, 6.1 and 6.2). */
const [DATA, HEADERS, END_STREAM] = [0, 1, 1];
const FRAME_HEADER_BYTES = 9;

/** Which streams the other end has ended itself. */
export interface StreamEnds {
  /** What came from there, in order, cut anywhere. */
  readonly read: (bytes: Uint8Array) => void;
  /** Whether it has ended the stream; asked once for each. */
  take(stream: number | undefined): boolean;
}

/**
 * Reads the ends of streams off the bytes of a connection. Node tells the end of a body and nothing else: it is the same
 * for one that was cut off by a reset without an error, as of a server that goes down.
 */
export function watchEnds(): StreamEnds {
  const ended = new Set<number>();
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  let headerBytes = 0;
  let payloadBytes = 0;

  return {
    read(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (payloadBytes > 0) {
          const skipped = Math.min(payloadBytes, bytes.length - at);
          payloadBytes -= skipped;
          at += skipped;
          continue;
        }
        header[headerBytes++] = bytes[at++] ?? 0;
        if (headerBytes < FRAME_HEADER_BYTES) continue;
        headerBytes = 0;
        payloadBytes = header.readUIntBE(0, 3);
        const [type, flags] = header.subarray(3, 5);
        const isLast = (type === DATA || type === HEADERS) && ((flags ?? 0) & END_STREAM) !== 0;
        // The first bit is reserved.
        if (isLast) ended.add(header.readUInt32BE(5) & 0x7fff_ffff);
      }
    },
    take: (stream) => ended.delete(stream ?? 0),
  };
}
