import fc from 'fast-check';

/** A change of bytes: those from `at` on, so many, are replaced. Both are counted modulo what there is. */
interface Edit {
  readonly at: number;
  readonly length: number;
  readonly by: Buffer;
}

const MAX_BYTES = 20_000;

/**
 * Real inputs that were damaged: pieces are lost, repeated, put elsewhere, or replaced by others.
 *
 * @param samples well-formed inputs
 * @param tokens what means something to the parser, such as an odd length
 */
export function mutated(samples: readonly Buffer[], tokens: readonly (string | Buffer)[]): fc.Arbitrary<Buffer> {
  const sample = fc.constantFrom(...samples);
  const slice = fc
    .tuple(sample, fc.nat(), fc.nat({ max: 200 }))
    .map(([bytes, at, length]) => bytes.subarray(at % bytes.length).subarray(0, length));
  const token = fc.constantFrom(...tokens.map((one) => Buffer.from(one as string)));
  const bytes = fc.uint8Array({ maxLength: 8 }).map((some) => Buffer.from(some));
  const by = fc.oneof(token, token, bytes, slice, repeated(fc.oneof(token, slice)), fc.constant(Buffer.alloc(0)));
  const length = fc.oneof(fc.constant(0), fc.nat({ max: 8 }), fc.nat({ max: 500 }));
  const edit: fc.Arbitrary<Edit> = fc.record({ at: fc.nat(), length, by });
  return fc.tuple(sample, fc.array(edit, { maxLength: 6 })).map(([original, edits]) => edits.reduce(edited, original));
}

/** {@link mutated} texts. */
export const mutatedText = (samples: readonly string[], tokens: readonly string[]): fc.Arbitrary<string> =>
  mutated(
    samples.map((text) => Buffer.from(text)),
    tokens,
  ).map((bytes) => bytes.toString());

const repeated = (piece: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(piece, fc.constantFrom(2, 3, 50, 5_000))
    .map(([bytes, times]) => Buffer.alloc(Math.min(bytes.length * times, MAX_BYTES), bytes));

function edited(bytes: Buffer, { at, length, by }: Edit): Buffer {
  const from = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(from + length)]).subarray(0, MAX_BYTES);
}

/** Where bytes are cut on their way: offsets, some beyond the end. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 2000 })), {
  maxLength: 5,
});
