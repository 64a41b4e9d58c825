import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watchEnds } from '../../plugin/src/gate/http2-ends.ts';

/** A frame (RFC 9113, 4.1) whose payload looks like the header of one that ends stream 9. */
function frame(type: number, flags: number, stream: number, size: number): Buffer {
  const bytes = Buffer.alloc(9 + size, Buffer.from([0, 0, 0, 0, 1, 0, 0, 0, 9]));
  bytes.writeUIntBE(size, 0, 3);
  bytes.set([type, flags], 3);
  bytes.writeUInt32BE(stream, 5);
  return bytes;
}

/** The bytes, cut at some places. */
const cut = (bytes: Buffer, places: readonly number[]) =>
  [...places, bytes.length]
    .toSorted((a, b) => a - b)
    .map((end, i, all) => bytes.subarray(i === 0 ? 0 : all[i - 1], end));

describe('the ends of streams', () => {
  it('are read off the frames that say so, however the bytes are cut, and told once', () => {
    const bytes = Buffer.concat([
      frame(4, 1, 0, 12), // SETTINGS: the same flag means something else
      frame(1, 5, 1, 20), // HEADERS that end stream 1
      frame(1, 4, 3, 20),
      frame(0, 0, 3, 40),
      frame(0, 1, 3, 0), // DATA that ends stream 3
      frame(0, 0, 5, 18),
      frame(3, 0, 5, 4), // RST_STREAM: stream 5 is over, and was not ended
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length })), (places) => {
        const ends = watchEnds();
        for (const chunk of cut(bytes, places)) ends.read(chunk);
        expect([1, 3, 5, 9].filter((stream) => ends.take(stream))).toEqual([1, 3]);
        expect(ends.take(1)).toBe(false);
      }),
    );
  });
});
