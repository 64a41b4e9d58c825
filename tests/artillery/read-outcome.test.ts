import { describe, expect, it } from 'vitest';
import { missingFunction, readOutcomeBy } from '../../plugin/src/artillery/worker/read-outcome.ts';
import { createBlotter } from '../../plugin/src/recording/index.ts';
import { resolve } from '../config/resolve.ts';
import { reply } from '../recording/replies.ts';

const settings = (outcome: object) => resolve({ outcome });

describe('the functions that a suite names', () => {
  const processor = { readAnswer: () => ({}), other: 1 };

  it.each<[string, object, Parameters<typeof missingFunction>[1], string | undefined]>([
    ['none', {}, undefined, undefined],
    ['one that is there', { function: 'readAnswer' }, processor, undefined],
    [
      'a misspelt one',
      { function: 'readAnwser' },
      processor,
      'config.plugins.race.outcome.function: config.processor exports no function "readAnwser"; did you mean "readAnswer"?',
    ],
    [
      'a value that is no function',
      { operations: { hold: { function: 'other' } } },
      processor,
      'config.plugins.race.outcome.operations.hold.function: config.processor exports no function "other"; known: readAnswer',
    ],
    [
      'one that every object has',
      { function: 'toString' },
      {},
      'config.plugins.race.outcome.function: config.processor exports no function "toString"; it exports no function',
    ],
    [
      'one without a processor',
      { function: 'readAnswer' },
      undefined,
      'config.plugins.race.outcome.function: there is no config.processor; it names the file that exports "readAnswer"',
    ],
  ])('%s', (_what, outcome, exported, problem) => {
    expect(missingFunction(settings(outcome), exported)).toBe(problem);
  });
});

it('an operation is read by its own function or conditions, and else by the usual function', async () => {
  const outcome = {
    function: 'usual',
    operations: { hold: { function: 'own' }, cancel: { success: { status: [204] } }, confirm: { orderId: '$.id' } },
  };
  const processor = {
    usual: () => ({ outcome: 'fail', message: 'usual' }),
    own: () => ({ outcome: 'fail', message: 'own' }),
  };
  const read = readOutcomeBy(settings(outcome), processor, () => {}, createBlotter());
  const concluded = async (operation?: 'hold' | 'cancel' | 'confirm') =>
    read(reply(204, ''), { headers: {} }, { round: 1, inventory: 'A', vu: 1, ...(operation && { operation }) });
  expect(await concluded()).toMatchObject({ outcome: 'fail', message: 'usual' });
  expect(await concluded('hold')).toMatchObject({ outcome: 'fail', message: 'own' });
  expect(await concluded('cancel')).toMatchObject({ outcome: 'ok' });
  expect(await concluded('confirm')).toMatchObject({ outcome: 'fail', message: 'usual' });
});
