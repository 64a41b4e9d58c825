import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watchEnds } from '../../plugin/src/gate/http2-ends.ts';
import { cut, frame } from '../support/http2-frames.ts';

describe('the ends of streams', () => {
  it('are found in the frames that mark them, once each, however the bytes are cut', () => {
    const bytes = Buffer.concat([
      frame(4, 1, 0, 12), // SETTINGS: the same flag means something else
      frame(1, 5, 1, 20), // HEADERS that end stream 1
      frame(1, 4, 3, 20),
      frame(0, 0, 3, 40),
      frame(0, 1, 3, 0), // DATA that ends stream 3
      frame(0, 0, 5, 18),
      frame(3, 0, 5, 4), // RST_STREAM: stream 5 was cut off, not ended
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length })), (cuts) => {
        const ended: number[] = [];
        const ends = watchEnds((stream) => ended.push(stream));
        for (const chunk of cut(bytes, cuts)) ends.read(chunk);
        expect(ended).toEqual([1, 3]);
        expect([1, 3, 5, 9].filter((stream) => ends.take(stream))).toEqual([1, 3]);
        expect(ends.take(1)).toBe(false);
      }),
    );
  });
});
