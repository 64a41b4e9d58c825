/** A frame (RFC 9113, 4.1). To mislead a careless reader, the payload looks like a frame that ends stream 9. */
export function frame(type: number, flags: number, stream: number, size: number): Buffer {
  const bytes = Buffer.alloc(9 + size, Buffer.from([0, 0, 0, 0, 1, 0, 0, 0, 9]));
  bytes.writeUIntBE(size, 0, 3);
  bytes.set([type, flags], 3);
  bytes.writeUInt32BE(stream, 5);
  return bytes;
}

/** The bytes, cut at these offsets. */
export const cut = (bytes: Buffer, offsets: readonly number[]): Buffer[] =>
  [...offsets, bytes.length]
    .toSorted((a, b) => a - b)
    .map((end, i, all) => bytes.subarray(i === 0 ? 0 : all[i - 1], end));
