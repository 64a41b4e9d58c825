import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { expect } from 'vitest';
import { MAX_RECORDED_BODY } from '../../model/index.ts';
import { harmlessJson, parseJson, parseJsonExactly } from '../../model/json.ts';
import { answerReader, outcomeReader, readAnswer } from '../../plugin/src/recording/index.ts';
import { byStatus, reply } from '../recording/replies.ts';
import { fuzz } from './support/fuzz.ts';
import { expectHarmless, HOSTILE } from './support/harmless.ts';
import { mutated, mutatedText } from './support/mutated.ts';

const SAMPLES = [
  '{"order_id":12345678901234567890,"price":1.50,"seat":{"id":"C-14","token":"a1b2c3d4e5f6"}}',
  '{"errors":[{"message":"Seat taken","code":"taken"}],"data":null}',
  '[1,-0,1e5,0.1,true,false,null,"\\u00e9\\n"]',
  '{"status":"booked","order_ids":["a","b"],"units":2}',
];
const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  '{"a":',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '-',
  '.',
  'e',
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  '0.1000000000000000055',
  '00',
  '"__proto__":',
  '"message":',
  '"order_id":',
  '"password":"',
  '"status":"available"',
  ...HOSTILE,
];
/** So deep that functions that call themselves run out of stack. */
const deep = fc
  .tuple(
    fc.constantFrom('order_id', 'order_ids', 'units', 'message', 'errors', 'token', 'data'),
    fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[{"message":', '}]']),
    fc.constantFrom(6, 1_000, 5_000, 100_000),
    fc.constantFrom('1', '1e400', '"x"', ''),
  )
  .map(([name, [open = '', close = ''], levels, core]) => {
    const nested = open.repeat(levels) + core + close.repeat(levels);
    return `{"status":"booked","${name}":${nested}}`;
  });
const flat = fc.oneof(mutatedText(SAMPLES, TOKENS), fc.json());
const text = fc.oneof({ weight: 20, arbitrary: flat }, { weight: 1, arbitrary: deep });

/** What the engine itself reads; undefined where the text is not JSON. */
function byEngine(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The values are alike, but for numbers that stay text where they would lose something. */
function expectAlike(ours: unknown, engines: unknown): void {
  const waiting: [unknown, unknown][] = [[ours, engines]];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [one, other] = pair;
    const isKept = typeof other === 'number' && typeof one === 'string';
    // `expect` takes too long for each of a hundred thousand values.
    if (typeof other !== 'object' || other === null) assert.ok(Object.is(isKept ? Number(one) : one, other));
    else {
      assert.equal(Object.keys(one as object).join(), Object.keys(other).join());
      for (const [key, value] of Object.entries(other)) waiting.push([(one as Record<string, unknown>)[key], value]);
    }
  }
}

/** Too deep for a function that calls itself. */
const isDeep = (json: string) => json.split(/[[{]/).length > 400;

fuzz(
  'JSON is read as the engine reads it, and no number changes',
  text,
  (json) => {
    const engines = byEngine(json);
    for (const parse of [parseJson, parseJsonExactly]) {
      const ours = parse(json);
      // What is too deep for the reviver counts as no JSON.
      if (ours !== undefined || !isDeep(json)) expectAlike(ours, engines);
    }
  },
  1 / 3,
);

fuzz(
  'JSON that we write means the same, and is harmless to show',
  fc.jsonValue({ stringUnit: 'binary' }),
  (value) => {
    const json = harmlessJson(value);
    expectHarmless(json);
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
  },
  1 / 6,
);

const MAX_BODY = 1 << 16;
const rules = { ...byStatus, orderId: '$.order_id', success: { status: [200, 201], body: { '$.status': 'booked' } } };
const concludes = outcomeReader({ ...rules, refusal: { body: { '$..code': 'taken' } } }, MAX_BODY);
const owns = answerReader({ units: '$.units', orderIds: '$.order_ids[*]', owners: { text: 'user-(\\w+)' } });
const subject = { key: 'C-14', values: { key: 'C-14' }, capacity: 2 };

const PACK = {
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: (bytes: Buffer) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: zlib.zstdCompressSync,
} as const;
const packed = (Object.keys(PACK) as (keyof typeof PACK)[]).flatMap((encoding) =>
  [...SAMPLES, 'x'.repeat(1_000_000)].map((sample) => [encoding, PACK[encoding](Buffer.from(sample))] as const),
);
const body = fc.oneof(
  text.map((json) => ['identity', Buffer.from(json)] as const),
  fc
    .constantFrom(...packed)
    .chain(([encoding, bytes]) => mutated([bytes], ['\0', '\xff']).map((damaged) => [encoding, damaged] as const)),
);

fuzz(
  'whatever a target answers, its meaning is concluded, and what is kept of it is bounded',
  fc.tuple(fc.constantFrom(200, 201, 202, 302, 400, 409, 500), body, fc.constantFrom('application/json', 'text/html')),
  ([status, [encoding, bytes], type]) => {
    const answer = reply(status, bytes, { 'content-encoding': encoding, 'content-type': type });
    const { answer: kept, ...conclusion } = concludes(answer, { headers: {} });
    if (kept.kind === 'answered') expect(kept.body.length).toBeLessThanOrEqual(MAX_RECORDED_BODY);
    if ('message' in conclusion) expect(conclusion.message?.length ?? 0).toBeLessThanOrEqual(200);
    if (answer.kind !== 'broken' && encoding !== 'identity')
      expect(readAnswer(answer, MAX_BODY).text.length).toBeLessThanOrEqual(MAX_BODY);
    owns(answer, subject);
  },
  1 / 2,
);
