/** Types of frames, and the flag by which the last one of a stream is known (RFC 9113, 6). */
export const [DATA, HEADERS, RST_STREAM, END_STREAM] = [0, 1, 3, 1] as const;
const HEADER_BYTES = 9;

/** The error code of a stream that is not needed any more (RFC 9113, 7). */
const CANCEL = 8;

/** A frame that resets a stream, because it is not needed any more (RFC 9113, 6.4). */
export function resetOf(stream: number): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + 4);
  frame.set([4, RST_STREAM], 2);
  frame.writeUInt32BE(stream, 5);
  frame.writeUInt32BE(CANCEL, HEADER_BYTES);
  return frame;
}

/** The header of a frame (RFC 9113, 4.1), as far as it is of use here. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
}

/** Told each piece of a frame, in order: its header whole, then its payload, cut as it came. */
export type OnPiece = (
  frame: Frame,
  piece: Buffer,
  place: { readonly isFirst: boolean; readonly isLast: boolean },
) => void;

/** Reads frames off bytes that come in order, cut anywhere. */
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
      // The first bit of a stream's number is reserved.
      frame = { type: header[3] ?? 0, flags: header[4] ?? 0, stream: header.readUInt32BE(5) & 0x7fff_ffff };
      const piece = header;
      header = Buffer.alloc(HEADER_BYTES);
      onPiece(frame, piece, { isFirst: true, isLast: payloadBytes === 0 });
    }
  };
}
