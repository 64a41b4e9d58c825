import { after, type Facts, ifUnknown, mayBeExhausted, mayBeTaken } from './advice.ts';
import { DOUBTS } from './doubts.ts';
import type { FindingKind } from './finding-kind.ts';
import { RULE_VIOLATIONS } from './rule-violations.ts';

const isMisread = ifUnknown('unexpected', 'unrecognised', 'ambiguous');
const nobodyWon = ({ successes }: Facts) => successes === 0;

/** Every kind of finding, the gravest first: reports keep this order. */
export const FINDINGS = [
  {
    id: 'already-taken',
    severity: 'doubt',
    title: 'Something was taken before the race began',
    question: 'Was everything free when the race began?',
    causes: [
      'An earlier run, or somebody else, has booked it.',
      'The read-back asks about something else: another event, another session, another id.',
    ],
    fixes: [
      'Release the bookings of the earlier run, or let a set-up step of your pipeline release them.',
      'Name free ones: the inventories (ORDER_SEAT_IDS in the bundled scenarios).',
    ],
  },
  {
    id: 'double-booking',
    severity: 'violation',
    isOversold: true,
    isStory: true,
    title: 'Sold more often than allowed',
    question: 'Was nothing sold more often than allowed?',
    causes: [
      'Check, then act: the code reads "is it free?" and writes the booking in a second step; other requests get in between.',
      'No unique constraint on what is sold, so the database has no reason to refuse the second row.',
      'A lock that is released before the transaction commits, that expires while the work still runs, or that lives in the memory of one of several instances.',
      'Availability read from a cache or a read replica, which still shows it as free.',
      'Transactions at READ COMMITTED or snapshot isolation: both read "free", both write, and neither notices the other.',
    ],
    fixes: [
      'Let the database decide: a unique constraint on session and seat for active bookings, and answer its violation with 409.',
      'Or book in one conditional statement (UPDATE … SET order_id = … WHERE seat = … AND order_id IS NULL) and treat 0 changed rows as taken.',
      'Or lock the row (SELECT … FOR UPDATE) on the primary, in the transaction that books, and hold the lock until the commit.',
      'With a lock in Redis or the like, keep the constraint as well: a lock can expire, a constraint cannot.',
      'Make retries safe with an idempotency key, so that one user who asks twice holds one order.',
    ],
  },
  {
    id: 'ghost-booking',
    severity: 'violation',
    isStory: true,
    title: 'Everybody was refused, yet it is taken',
    question: 'Does the server hold only what somebody can have booked?',
    causes: [
      'The booking is committed, and a later step (payment, mail, serialising the answer) fails and turns it into an error.',
      'A hold is written before the checks, and the refusal does not take it back.',
      { text: 'It was already sold before the run began.', when: mayBeTaken },
    ],
    fixes: [
      'Put the checks and the booking into one transaction. Do later steps that can fail outside of it, through an outbox.',
      'Release the hold on every error path, and let holds expire.',
      { text: 'Reset the seats, or name free ones, and run again.', when: mayBeTaken },
    ],
  },
  ...RULE_VIOLATIONS,
  {
    id: 'unsold',
    severity: 'violation',
    title: 'Units stayed unsold although somebody was refused',
    question: 'Was everything sold before somebody was refused?',
    causes: [
      'A request that finds the whole pool locked is told "sold out", where "busy, try again" is meant.',
      'Optimistic locking without a retry: several read the same version, one books and the others give up.',
      'A hold that was refused later did not give its unit back.',
      'The capacity in the configuration differs from what the system sells.',
    ],
    fixes: [
      'Take the unit in one conditional statement (UPDATE … SET sold = sold + 1 WHERE sold < capacity), or retry on a conflict.',
      'Tell "busy" and "sold out" apart in the answer, and retry on the server when it is busy.',
      'Compare the capacity of the inventory with the one in the system.',
    ],
  },
  {
    id: 'lost-booking',
    severity: 'violation',
    isStory: true,
    title: 'A booking was confirmed, but the server does not know it',
    question: 'Does the server hold every booking that it confirmed?',
    causes: [
      'The answer is sent before the transaction commits, and the commit fails.',
      'A later request overwrites the booking: the last writer wins.',
      'The read-back asks a replica or a cache that lags behind.',
    ],
    fixes: [
      'Answer after the commit, never before it.',
      'Make the write conditional on the seat being free, or check a version column.',
      'Point the read-back at the primary, or wait until the replica has caught up.',
    ],
  },
  {
    id: 'untold-booking',
    severity: 'doubt',
    title: 'Something is sold, and its buyer was not told',
    question: 'Was everybody told what they bought?',
    causes: [
      { text: 'The answer does tell the buyer, but outcome.success does not recognise it.', when: isMisread },
      {
        text: 'The booking is committed, and a later step (payment, mail, serialising the answer) fails and turns it into an error.',
        when: (facts) => after('400-599')(facts) || ifUnknown('server-error')(facts),
      },
      {
        text: 'The answer was lost on its way: a timeout, a reset connection, a body that was cut off.',
        when: ifUnknown('timeout', 'reset', 'unreachable', 'unreadable', 'aborted'),
      },
      { text: 'A queue books after it has answered, and nobody tells the buyer.', when: ifUnknown('pending') },
    ],
    fixes: [
      { text: 'If the answer is meant as a success, describe it in outcome.success.', when: isMisread },
      'Do later steps that can fail outside of the booking, through an outbox, and answer once the booking is committed.',
      'Give a buyer without an answer a way to find the order: an idempotency key, or a list of their orders.',
    ],
  },
  {
    id: 'no-winner',
    severity: 'violation',
    title: 'Every booking failed',
    question: 'Was everything sold to somebody?',
    causes: [
      { text: 'The seats were already taken by an earlier run.', when: mayBeTaken },
      {
        text: 'Wrong ids: event, session, organisation or seats do not belong together, or belong to another environment.',
        when: nobodyWon,
      },
      { text: 'The sale is closed, has not begun, or the account may not buy.', when: nobodyWon },
      'The contenders block one another: each holds or locks something, and all give up.',
    ],
    fixes: [
      {
        text: 'Reset the seats or name free ones (ORDER_SEAT_IDS in the bundled scenarios), and run again.',
        when: mayBeTaken,
      },
      'Read the messages of the refusals, and make one booking by hand with the same ids and the same token.',
      'If one request alone succeeds but every request in the race fails, look for locks taken in different orders and for optimistic retries that all give up.',
    ],
  },
  {
    id: 'wrong-rejection',
    severity: 'violation',
    title: 'A loser was refused in an unexpected way',
    aside: { said: 'losers were refused in an unexpected way', limit: 'limits.rejections' },
    question: 'Was every loser refused as expected?',
    causes: [
      'The refusal comes from another layer: a validator, a gateway, a queue that is full.',
      'The API refuses with a status that the configuration does not list.',
      { text: 'The losing request is answered like a success, with an error in the body.', when: after('200-299') },
    ],
    fixes: [
      'Answer a taken seat with 409 (or 400, 423), and with a message that says so.',
      'If the API means that status, add it to limits.rejections.',
    ],
  },
  {
    id: 'server-error',
    severity: 'violation',
    title: 'The server failed under the race (5xx)',
    aside: { said: 'the server failed', limit: 'limits.serverErrors' },
    question: 'Did the server answer without errors (5xx)?',
    isAboutRun: true,
    causes: [
      {
        text: 'Nobody catches the violation of the unique constraint: the data is right, but the losers get a 500.',
        when: after(500),
      },
      'Deadlocks or serialisation failures that the code does not retry.',
      {
        text: 'The connection pool is exhausted: requests wait for a connection until they time out.',
        when: (facts) => mayBeExhausted(facts) && (after(503, 504)(facts) || ifUnknown('timeout')(facts)),
      },
      {
        text: 'A gateway in front gives up (502, 503, 504) while the application still works.',
        when: after('502-504'),
      },
    ],
    fixes: [
      { text: 'Catch the violation of the constraint and answer 409.', when: after(500) },
      'Take locks in one order everywhere; retry deadlocks and serialisation failures a few times, with a pause.',
      'Keep transactions short: call no other service while a row is locked. Then size the pool.',
      'Find the failed requests in the log of the server, by the time of the run.',
    ],
  },
  {
    id: 'slow',
    severity: 'violation',
    title: 'Answers are slow under the race',
    aside: { said: 'the answers were slow', limit: 'limits.p95Ms' },
    question: 'Were the answers fast enough?',
    isAboutRun: true,
    causes: [
      'All contenders queue for the same row lock, and each holds it for a whole transaction.',
      'The pool of connections or workers is smaller than the crowd.',
      'Remote calls (payment, mail) or a missing index inside the locked part.',
    ],
    fixes: [
      'Refuse early: use NOWAIT, SKIP LOCKED or a conditional update instead of waiting for the lock.',
      'Move everything but the booking itself out of the transaction.',
      'Check the query plan of the availability check, then the sizes of the pools.',
    ],
  },
  ...DOUBTS,
] as const satisfies readonly FindingKind[];

export type FindingId = (typeof FINDINGS)[number]['id'];

/** All ids, the gravest first. */
export const FINDING_IDS: readonly FindingId[] = FINDINGS.map(({ id }) => id);

type Kind = FindingKind & { readonly id: FindingId };

/** The rows, each with all the properties that a row may have. */
const KINDS: readonly Kind[] = FINDINGS;

const BY_ID = new Map(KINDS.map((kind) => [kind.id, kind]));

/** The row of a finding. */
export const kindOf = ({ id }: { readonly id: FindingId }): Kind => BY_ID.get(id) as Kind;

/** The kinds that are about the whole run. */
export const RUN_KINDS: readonly Kind[] = KINDS.filter(({ isAboutRun }) => isAboutRun);

/** The kinds that occur among the findings, each once, the gravest first. */
export function kindsOf(findings: readonly { readonly id: FindingId }[]): Kind[] {
  const found = new Set(findings.map(({ id }) => id));
  return KINDS.filter(({ id }) => found.has(id));
}

/** The name for a run in which nothing was raced and nothing was found. */
export const SILENCE: FindingId = 'incomplete';
