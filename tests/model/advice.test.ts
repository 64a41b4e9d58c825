import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INFO_CAUSES } from '../../model/history-file.ts';
import { causesFor, type Facts, FINDINGS, type FindingId, fixesFor, kindOf } from '../../model/index.ts';

/** A run in which everything is known and nothing went wrong. */
const CALM: Facts = {
  readBack: 'read',
  wasFree: true,
  isTls: false,
  contenders: 100,
  requests: 1600,
  successes: 16,
  statuses: new Set([201, 409]),
  unknown: new Set(),
  wasInterrupted: false,
  words: { one: 'seat', many: 'seats' },
};

const adviceOn = (id: FindingId, facts: Partial<Facts> = {}) => {
  const known = { ...CALM, ...facts };
  return [...causesFor(kindOf({ id }), known), ...fixesFor(kindOf({ id }), known)].join('\n');
};

const statuses = (...seen: number[]): Partial<Facts> => ({ statuses: new Set(seen) });

/** Advice that not every run gets, a run that gets it, and one that does not: a calm one, if nothing is said. */
const CONDITIONAL: readonly (readonly [
  id: FindingId,
  text: string,
  where: Partial<Facts>,
  otherwise?: Partial<Facts>,
])[] = [
  ['ghost-booking', 'already sold before the run', { wasFree: false }],
  ['ghost-booking', 'Reset the seats', { wasFree: false }],
  ['no-winner', 'already taken by an earlier run', { wasFree: false }],
  ['no-winner', 'Reset the seats', { wasFree: false }],
  ['no-winner', 'Wrong ids', { successes: 0 }],
  ['no-winner', 'The sale is closed', { successes: 0 }],
  ['wrong-rejection', 'answered like a success', statuses(200, 404), statuses(404)],
  ['server-error', 'violation of the unique constraint: the data is right', statuses(201, 500)],
  ['server-error', 'Catch the violation', statuses(201, 500)],
  ['server-error', 'pool is exhausted', { ...statuses(503), readBack: 'off' }],
  ['server-error', 'pool is exhausted', { unknown: new Set(['timeout']), readBack: 'unread' }],
  ['server-error', 'A gateway in front', statuses(502)],
  ['no-answer', 'The server hangs', { unknown: new Set(['timeout']) }],
  ['no-answer', 'The pool of workers', { unknown: new Set(['timeout']), readBack: 'unread' }],
  ['no-answer', 'Raise the timeout', { unknown: new Set(['timeout']) }],
  ['request-refused', 'Everything was sold before', { wasFree: false }],
  ['request-refused', 'Reset the seats', { wasFree: false }],
  ['request-refused', 'Switch the read-back on', { readBack: 'off' }],
  ['unrecognised', 'an answer fits both', { unknown: new Set(['ambiguous']) }],
  ['unrecognised', 'Make the two conditions exclude', { unknown: new Set(['ambiguous']) }],
  ['indeterminate', 'did not answer in time', { unknown: new Set(['reset']) }],
  ['indeterminate', 'The answer was a 5xx', { unknown: new Set(['server-error']) }],
  ['indeterminate', 'neither a success nor a refusal', { unknown: new Set(['unexpected']) }],
  ['indeterminate', 'describe them in outcome.success', { unknown: new Set(['unrecognised']) }],
  ['indeterminate', 'Switch the read-back on', { readBack: 'off' }],
  ['indeterminate', 'Raise the timeout', { unknown: new Set(['timeout']) }],
  ['blind-suite', 'outcome.refusal holds for every answer', { unknown: new Set(['ambiguous']) }],
  ['blind-suite', 'outcome.success looks for', { unknown: new Set(['unrecognised']) }],
  ['undecided', 'decides later, in a queue', statuses(202)],
  ['undecided', 'still at work', statuses(202)],
  ['undecided', 'Say in readBack.settleMs', statuses(202)],
  ['undecided', 'If 202 means booked', statuses(202)],
  ['untold-booking', 'turns it into an error', statuses(500), statuses(200)],
  ['untold-booking', 'lost on its way', { unknown: new Set(['unreadable']) }, statuses(200)],
  ['untold-booking', 'A queue books after', { unknown: new Set(['pending']) }, statuses(200)],
  ['untold-booking', 'does not recognise it', { unknown: new Set(['ambiguous']) }, statuses(200)],
  ['untold-booking', 'describe it in outcome.success', { unknown: new Set(['unrecognised']) }, statuses(200)],
  ['weak-contention', 'as was asked for', { oneAtATime: true }],
  ['weak-contention', 'without --one-at-a-time', { oneAtATime: true }],
  ['weak-contention', 'did not reach the rendezvous', {}, { oneAtATime: true }],
  ['weak-contention', 'busy or too small', {}, { oneAtATime: true }],
  ['weak-contention', 'hardly overlap', {}, { oneAtATime: true }],
  ['weak-contention', 'Run closer', {}, { oneAtATime: true }],
  ['weak-contention', 'Look for a proxy', {}, { oneAtATime: true }],
  ['weak-contention', 'Loosen the limits', {}, { oneAtATime: true }],
  ['double-booking', 'No race is needed', { oneAtATime: true }],
  ['weak-contention', 'use HTTP/2', { isTls: true, wire: 'http1' }],
  ['weak-contention', 'Use more contenders', { contenders: 10 }],
  ['incomplete', 'The run was interrupted', { wasInterrupted: true }],
  ['incomplete', 'The run was interrupted', { unknown: new Set(['unreachable']) }],
  ['incomplete', 'let it come to its end', { wasInterrupted: true }],
  ['incomplete', 'Read the problems', {}, { wasInterrupted: true }],
  ['incomplete', 'No request has a `race:` line', { requests: 0 }],
  ['unrecognised', 'The target redirects', statuses(303)],
  ['unrecognised', 'outcome.redirects: follow', statuses(303)],
  ['read-back-failed', 'path or method is wrong', { readBack: 'unread' }],
  ['read-back-failed', 'does not have the shape', { readBack: 'unread' }],
  ['read-back-failed', 'Set readBack', { readBack: 'unread' }],
];

describe('advice that a run has ruled out is not shown', () => {
  test('every condition is tested', () => {
    const conditional = FINDINGS.map(({ id }) => kindOf({ id })).flatMap(({ id, causes, fixes }) =>
      [...causes, ...fixes].flatMap((advice) => (typeof advice === 'string' ? [] : { id, text: advice.text })),
    );
    const isTested = (advice: { readonly id: FindingId; readonly text: string }) =>
      CONDITIONAL.some(([id, text]) => id === advice.id && advice.text.includes(text));
    expect(conditional.filter((advice) => !isTested(advice))).toEqual([]);
  });

  test('a server that answers the read-back has a free connection', () => {
    expect(adviceOn('server-error', statuses(503))).not.toContain('pool is exhausted');
    expect(adviceOn('no-answer', { unknown: new Set(['timeout']) })).not.toContain('The pool of workers');
  });

  const cases = CONDITIONAL.map(([id, text, where, otherwise = {}]) => ({ id, text, where, otherwise }));
  test.each(cases)('$id: "$text" needs $where', ({ id, text, where, otherwise }) => {
    expect(adviceOn(id, where)).toContain(text);
    expect(adviceOn(id, otherwise)).not.toContain(text);
  });

  test('answers that nobody recognised are to be described first', () => {
    const facts: Facts = { ...CALM, readBack: 'off', unknown: new Set(['unrecognised', 'timeout']) };
    expect(fixesFor(kindOf({ id: 'indeterminate' }), facts)[0]).toContain('describe them in outcome.success');
    expect(fixesFor(kindOf({ id: 'untold-booking' }), facts)[0]).toContain('describe it in outcome.success');
  });

  test('over cleartext, or if the target may choose, nobody is told to use HTTP/2', () => {
    expect(adviceOn('weak-contention', { wire: 'http1' })).not.toContain('HTTP/2');
    expect(adviceOn('weak-contention', { isTls: true })).not.toContain('HTTP/2');
    expect(adviceOn('weak-contention', { isTls: true, wire: 'http2' })).not.toContain('HTTP/2');
  });
});

test('whatever a run knows, each finding keeps a cause and a fix', () => {
  const facts: fc.Arbitrary<Facts> = fc.record(
    {
      readBack: fc.constantFrom('off', 'unread', 'read'),
      wasFree: fc.boolean(),
      isTls: fc.boolean(),
      wire: fc.constantFrom('http1', 'http2'),
      contenders: fc.integer({ min: 2, max: 1000 }),
      requests: fc.integer({ min: 0, max: 1000 }),
      successes: fc.integer({ min: 0, max: 1000 }),
      statuses: fc.uniqueArray(fc.integer({ min: 200, max: 599 })).map((seen) => new Set(seen)),
      // Every finding about unknown attempts has at least one of them.
      unknown: fc.subarray([...INFO_CAUSES], { minLength: 1 }).map((seen) => new Set(seen)),
      wasInterrupted: fc.boolean(),
      oneAtATime: fc.constant(true),
      words: fc.constant({ one: 'invite', many: 'invites' }),
    },
    {
      noNullPrototype: true,
      requiredKeys: [
        'readBack',
        'wasFree',
        'isTls',
        'contenders',
        'requests',
        'successes',
        'statuses',
        'unknown',
        'wasInterrupted',
        'words',
      ],
    },
  );
  fc.assert(
    fc.property(fc.constantFrom(...FINDINGS.map(({ id }) => kindOf({ id }))), facts, (kind, known) => {
      expect(causesFor(kind, known), kind.id).not.toEqual([]);
      expect(fixesFor(kind, known), kind.id).not.toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
