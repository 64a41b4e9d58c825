import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../../plugin/src/config/index.ts';
import { readCapture } from '../../../plugin/src/init/formats/index.ts';
import { CAPTURES } from '../../support/captures.ts';
import { wrongDocument } from '../../support/wrong-documents.ts';

/** Reads it, or says clearly what is wrong. */
async function readOrSay(text: string): Promise<void> {
  const result = await readCapture(text, 'input', {}).catch((error: unknown) => error);
  if (result instanceof Error) expect(result, result.stack ?? '').toBeInstanceOf(InputError);
  else expect(result).toHaveProperty('requests');
}

test.each(Object.entries(CAPTURES))('%s: a wrong value anywhere is read, or is a clear error', async (_, document) => {
  await fc.assert(
    fc.asyncProperty(wrongDocument(document), async (wrong) => readOrSay(JSON.stringify(wrong) ?? '')),
    { numRuns: 60 },
  );
});

test('a text that was cut off or changed is read, or is a clear error', async () => {
  const texts = Object.values(CAPTURES).map((document) => JSON.stringify(document, undefined, 1));
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
