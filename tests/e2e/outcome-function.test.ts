import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { runSuite } from '../support/artillery.ts';
import type { Temperament } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { SEATS, suiteFor } from '../support/suites.ts';

/** A shop that answers 200 to everything, in words. */
const wordy =
  (winners: number): Temperament =>
  ({ response, store, turn }) =>
    void response.end(turn <= winners ? `Booked: ${store()}` : 'Somebody else was faster.');

const READ = `(answer, attempt) => {
  if (attempt.inventory === 'A3' && globalThis.breaks) throw new Error('no idea\\n' + answer.text);
  const [, orderId] = /Booked: (.+)/.exec(answer.text) ?? [];
  return orderId ? { outcome: 'ok', orderId } : { outcome: 'fail', message: answer.text };
}`;

/** The same function in each kind of processor. */
const PROCESSORS: Readonly<Record<string, string>> = {
  'processor.cjs': `exports.readAnswer = async ${READ};`,
  'processor.js': `module.exports = { readAnswer: ${READ} };`,
  'processor.mts': `export const readAnswer = ${READ.replace('(answer, attempt)', '(answer: any, attempt: any)')};`,
  'processor.ts': `export const readAnswer = ${READ.replace('(answer, attempt)', '(answer: any, attempt: any)')};`,
};

describe('an answer that a function reads', () => {
  it.for(Object.entries(PROCESSORS))('%s', async ([file, text], { target, folder }) => {
    const processor = path.join(folder, file);
    fs.writeFileSync(processor, text);
    const server = await target(wordy(file === 'processor.mts' ? 2 : 1));
    const race = { outcome: { function: 'readAnswer' } };
    const run = await runSuite(suiteFor(server.url, { race, vus: 5, config: { processor } }));
    const isRight = file !== 'processor.mts';
    expect(run.code, run.stdout + run.stderr).toBe(isRight ? 0 : 3);
    expect(run.verdict?.totals).toMatchObject({ requests: 15, ok: isRight ? 3 : 6, info: 0 });
    expect(run.history?.attempts.filter(({ outcome }) => outcome === 'fail')[0]).toMatchObject({
      message: 'Somebody else was faster.',
      declared: true,
    });
  });

  it('is unknown where the function throws, and the run names it once', async ({ target, folder }) => {
    const processor = path.join(folder, 'processor.cjs');
    fs.writeFileSync(processor, `globalThis.breaks = true; ${PROCESSORS['processor.cjs']}`);
    const server = await target(wordy(1));
    const race = { outcome: { operations: { book: { function: 'readAnswer' } } } };
    const run = await runSuite(suiteFor(server.url, { race, vus: 5, config: { processor } }));
    expect(run.code, run.stdout + run.stderr).toBe(4);
    expect(run.verdict?.rounds.map(({ info }) => info)).toEqual([0, 0, 5]);
    expect(run.verdict?.problems).toEqual([
      expect.objectContaining({
        reason: expect.stringMatching(/^outcome\.function: readAnswer threw Error: no idea .* at .*processor\.cjs/),
        count: 1,
      }),
    ]);
  });

  it('is refused before anything is booked where the processor does not export the function', async ({
    target,
    folder,
  }) => {
    const processor = path.join(folder, 'processor.cjs');
    fs.writeFileSync(processor, PROCESSORS['processor.cjs'] ?? '');
    const server = await target(wordy(1));
    const race = { inventories: SEATS, outcome: { function: 'readAnwser' } };
    const run = await runSuite(suiteFor(server.url, { race, config: { processor } }));
    expect(run.code, run.stdout + run.stderr).toBe(2);
    expect(run.stderr).toContain(
      'Error: config.plugins.race.outcome.function: config.processor exports no function "readAnwser"; did you mean "readAnswer"?\n',
    );
    expect(run.files).toEqual([]);
    expect(server.requests()).toBe(0);
  });
});
