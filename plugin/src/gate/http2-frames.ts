/** Frame types, and the flag of the last frame of a stream (RFC 9113, 6). */
export const [DATA, HEADERS, RST_STREAM, END_STREAM] = [0, 1, 3, 1] as const;
const HEADER_BYTES = 9;

/** The error code for a stream that is no longer needed (RFC 9113, 7). */
const CANCEL = 8;

/** A frame that resets a stream that is no longer needed (RFC 9113, 6.4). */
export function resetOf(stream: number): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + 4);
  frame.set([4, RST_STREAM], 2);
  frame.writeUInt32BE(stream, 5);
  frame.writeUInt32BE(CANCEL, HEADER_BYTES);
  return frame;
}

/** The parts of a frame header (RFC 9113, 4.1) that matter here. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
}

/** Gets each piece of a frame, in order: the whole header first, then the payload, cut as it came. */
export type OnPiece = (
  frame: Frame,
  piece: Buffer,
  position: { readonly isFirst: boolean; readonly isLast: boolean },
) => void;

/** Finds the frames in bytes that come in order, cut anywhere. */
export function frameReader(onPiece: OnPiece): (bytes: Buffer) => void {
  let header = Buffer.alloc(HEADER_BYTES);
  let headerBytes = 0;
  let payloadBytes = 0;
  let frame: Frame = { type: 0, flags: 0, stream: 0 };

  return (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      if (payloadBytes > 0) {
        const piece = bytes.subarray(at, at + payloadBytes);
        payloadBytes -= piece.length;
        at += piece.length;
        onPiece(frame, piece, { isFirst: false, isLast: payloadBytes === 0 });
        continue;
      }
      const taken = bytes.copy(header, headerBytes, at, at + HEADER_BYTES - headerBytes);
      headerBytes += taken;
      at += taken;
      if (headerBytes < HEADER_BYTES) continue;
      headerBytes = 0;
      payloadBytes = header.readUIntBE(0, 3);
      // The first bit of a stream number is reserved.
      frame = { type: header[3] ?? 0, flags: header[4] ?? 0, stream: header.readUInt32BE(5) & 0x7fff_ffff };
      const piece = header;
      header = Buffer.alloc(HEADER_BYTES);
      onPiece(frame, piece, { isFirst: true, isLast: payloadBytes === 0 });
    }
  };
}
