import fs from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../../plugin/src/config/index.ts';
import { readCapture } from '../../../plugin/src/init/formats/index.ts';

const POSTMAN: unknown = JSON.parse(
  fs.readFileSync(new URL('inputs/box-office.postman.json', import.meta.url), 'utf8'),
);
const HAR = {
  log: {
    entries: [
      {
        startedDateTime: '2026-05-04T10:00:00Z',
        request: {
          method: 'POST',
          url: 'https://shop.test/orders',
          headers: [{ name: 'content-type', value: 'application/json' }],
          cookies: [{ name: 'sid', value: 'a' }],
          postData: { mimeType: 'application/json', text: '{"seat":1}', params: [{ name: 'a', value: 'b' }] },
        },
        response: { status: 201, headers: [], content: { mimeType: 'text/html', text: 'YQ==', encoding: 'base64' } },
      },
    ],
  },
};
const OPENAPI = {
  openapi: '3.1.0',
  servers: [{ url: 'https://{host}/v1', variables: { host: { default: 'api.test' } } }],
  security: [{ key: [] }],
  paths: {
    '/seats/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { $ref: '#/components/schemas/Id' } }],
      post: {
        operationId: 'book',
        parameters: [{ name: 'q', in: 'query', style: 'deepObject', example: { a: [1] } }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
        responses: { 201: { content: { 'application/json': { examples: { a: { value: { id: 1 } } } } } } },
      },
    },
  },
  components: {
    schemas: {
      Id: { type: ['string', 'null'], examples: ['C-14'] },
      Order: {
        allOf: [{ type: 'object', required: ['seat'], properties: { seat: { $ref: '#/components/schemas/Id' } } }],
        oneOf: [{ $ref: '#/components/schemas/Order' }],
      },
    },
    securitySchemes: { key: { type: 'oauth2', flows: { password: { tokenUrl: '/token' } } } },
  },
};

/** Every place in a document, as a list of keys. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

/** The document with another value in one place. */
function changed(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  (copy as Record<string, unknown>)[key] = changed((value as Record<string, unknown>)[key], rest, to);
  return copy;
}

const other = fc.oneof(
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    true,
    [],
    {},
    [null],
    { $ref: '#/paths' },
    { type: 'x' },
    '{{x}}',
    'http://',
    ':',
    '%',
    '{',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    { $ref: '#' },
    { raw: 7 },
    { host: 7, path: 7 },
    { mode: 'raw' },
    [[]],
    undefined,
  ),
  fc.jsonValue(),
);

/** Reads it, or says clearly what is wrong. */
async function readOrSay(text: string): Promise<void> {
  const result = await readCapture(text, 'input', {}).catch((error: unknown) => error);
  if (result instanceof Error) expect(result, result.stack ?? '').toBeInstanceOf(InputError);
  else expect(result).toHaveProperty('requests');
}

const cases = { HAR, OPENAPI, POSTMAN };
test.each(Object.entries(cases))('%s: a wrong value anywhere is read, or is a clear error', async (_, document) => {
  const places = placesIn(document);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...places), other), { minLength: 1, maxLength: 2 }),
      async (changes) => {
        const wrong = changes.reduce<unknown>((value, [path, to]) => {
          try {
            return changed(value, path, to);
          } catch {
            return value;
          }
        }, document);
        await readOrSay(JSON.stringify(wrong) ?? '');
      },
    ),
    { numRuns: 60 },
  );
});

test('a text that was cut off or changed is read, or is a clear error', async () => {
  const texts = Object.values(cases).map((document) => JSON.stringify(document, undefined, 1));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...texts),
      fc.nat(4000),
      fc.nat(20),
      fc.string(),
      async (text, at, length, inserted) => readOrSay(text.slice(0, at) + inserted + text.slice(at + length)),
    ),
    { numRuns: 60 },
  );
});
