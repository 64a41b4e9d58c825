import type { Finding, FindingId } from '../model/index.ts';
import { RULE_TROUBLESHOOTING } from './rule-troubleshooting.ts';

/** Help with one kind of finding, in plain words for the people who own the back end. */
export interface Entry {
  readonly title: string;
  /** What usually lies behind it, the likeliest first. */
  readonly causes: readonly string[];
  readonly fixes: readonly string[];
}

/** Help for every kind of finding, the gravest first: reports keep this order. */
export const TROUBLESHOOTING: Readonly<Record<FindingId, Entry>> = {
  'already-taken': {
    title: 'Something was taken before the race began',
    causes: [
      'An earlier run, or somebody else, has booked it.',
      'The read-back asks for something else than what is fought over: another event, another session, another id.',
    ],
    fixes: [
      'Release the bookings of the earlier run, or let a set-up step of your pipeline do it.',
      'Name other, free ones: ORDER_SEAT_IDS, or the inventories of the environment.',
    ],
  },
  'double-booking': {
    title: 'Several bookings for one place',
    causes: [
      'Check, then act: the code reads "is it free?" and writes the booking in a second step, and other requests come in between.',
      'No unique constraint on what was sold, so that the database has no reason to refuse the second row.',
      'A lock that is released before the transaction commits, that expires while the work still runs, or that lives in the memory of one of several instances.',
      'Availability read from a cache or a read replica, which still shows the place as free.',
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
  'ghost-booking': {
    title: 'Everybody was refused, yet it is taken',
    causes: [
      'The booking is committed, and a later step (payment, mail, serialising the answer) fails and turns it into an error.',
      'A hold is written before the checks, and the refusal does not take it back.',
      'The place was already sold before the run began.',
    ],
    fixes: [
      'Put booking and checks into one transaction, and do what can fail afterwards outside of it, through an outbox.',
      'Release holds on every way out, and let them expire.',
      'Reset the seats, or name free ones, and run again.',
    ],
  },
  ...RULE_TROUBLESHOOTING,
  unsold: {
    title: 'Units stayed unsold although somebody was refused',
    causes: [
      'A lock on the whole pool is answered "sold out" where it means "busy, try again".',
      'Optimistic locking without a retry: of several who read the same version, one books and the others give up.',
      'A hold that was refused later has not given its unit back.',
      'The capacity in the configuration is not the one that the system sells.',
    ],
    fixes: [
      'Take the unit in one conditional statement (UPDATE … SET sold = sold + 1 WHERE sold < capacity), or retry on a conflict.',
      'Tell "busy" and "sold out" apart in the answer, and repeat the first on the server.',
      'Compare the capacity of the inventory with the one in the system.',
    ],
  },
  'lost-booking': {
    title: 'A booking was confirmed, but the server does not know it',
    causes: [
      'The answer is sent before the transaction commits, and the commit fails.',
      'A later request overwrites the booking: the last writer wins.',
      'The read-back asks a replica or a cache that lags behind.',
    ],
    fixes: [
      'Answer after the commit, never before it.',
      'Make the write conditional on the place being free, or check a version column.',
      'Point the read-back at the primary, or wait until the replica has caught up.',
    ],
  },
  'no-winner': {
    title: 'Every booking failed',
    causes: [
      'The seats were already taken by an earlier run.',
      'Wrong ids: event, session, organisation or seats do not belong together, or belong to another environment.',
      'The sale is closed, has not begun, or the account may not buy.',
      'All contenders block one another: each one holds or locks something, and all of them give up.',
    ],
    fixes: [
      'Reset the seats or name free ones (ORDER_SEAT_IDS), and run again.',
      'Read the messages of the refusals, and make one booking by hand with the same ids and the same token.',
      'When one request succeeds alone and none in the race, look for locks taken in different orders and for optimistic retries that all give up.',
    ],
  },
  'wrong-rejection': {
    title: 'A loser was refused in an unexpected way',
    causes: [
      'The refusal comes from another layer: a validator, a gateway, a queue that is full.',
      'The API refuses with a status that the configuration does not list.',
      'The losing request is answered like a success, with an error in the body.',
    ],
    fixes: [
      'Answer a taken seat with 409 (or 400, 423), and with a message that says so.',
      "If the API's own status is meant, add it to the allowed rejections in the plugin's block.",
    ],
  },
  'server-error': {
    title: 'The server failed under the race (5xx)',
    causes: [
      'The violation of the unique constraint is not caught: the state is right, and the losers get a 500.',
      'Deadlocks or serialisation failures, which the code does not retry.',
      'The connection pool is exhausted: requests wait for a connection until they time out.',
      'A gateway in front gives up (502, 503, 504) while the application still works.',
    ],
    fixes: [
      "Catch the constraint's violation and answer 409.",
      'Take locks in one order everywhere; retry deadlocks and serialisation failures a few times, with a pause.',
      'Keep transactions short: no call to another service while a row is locked. Then size the pool.',
      "Look up the failed requests in the server's log by the time of the run.",
    ],
  },
  slow: {
    title: 'Answers are slow under the race',
    causes: [
      'All contenders queue for the same row lock, and each holds it for the length of its whole transaction.',
      'The pool of connections or workers is smaller than the crowd.',
      'Remote calls (payment, mail) or a missing index inside the locked part.',
    ],
    fixes: [
      'Refuse early: NOWAIT, SKIP LOCKED or a conditional update instead of waiting for the lock.',
      'Move everything that is not the booking itself out of the transaction.',
      'Check the query plan of the availability check, then the sizes of the pools.',
    ],
  },
  indeterminate: {
    title: 'Nobody can say whether some attempts booked',
    causes: [
      'The server did not answer in time, or closed the connection: the booking may have been stored all the same.',
      'The answer was a 5xx, or its body was neither a success nor a refusal as configured.',
    ],
    fixes: [
      'Switch the read-back on (ORDER_READ_BACK): it asks the server who holds each seat, and settles the attempts without an answer.',
      'Raise the timeout (attempt.timeoutMs) if the server is merely slow.',
      'If the answers are proper ones, say so in the rules of the plugin: outcome.success and outcome.refusal.',
    ],
  },
  undecided: {
    title: 'The search for an explanation was given up',
    causes: ['Many operations on one seat overlap, most of them without an answer: there are too many orders to try.'],
    fixes: ['Run again with fewer contenders, or a longer timeout, so that more of them are answered.'],
  },
  'weak-contention': {
    title: 'The race was not tight enough to prove anything',
    causes: [
      'Some contenders did not reach the rendezvous in time, or dropped out before it.',
      'The machine that generates the load is busy or too small, or the network between is slow.',
      'The server answers so fast, or lets so few in at a time, that the requests hardly overlap.',
    ],
    fixes: [
      'Run nearer to the target, on a machine with a free CPU, and without other load.',
      'Look for a proxy or gateway on the way that limits or queues connections.',
      'Use more contenders (ORDER_VUS); loosen the limits on spread and overlap only with a reason.',
    ],
  },
  incomplete: {
    title: 'The run did not go as planned',
    causes: [
      'The run was interrupted, or the target went away in the middle of it.',
      'Virtual users ended early: a step before the booking failed.',
      'No request has a `race:` line, or the loop around it runs over nothing.',
      'The target redirects the request that races: what follows is sent by the HTTP client, and is not held back.',
    ],
    fixes: [
      'Read the problems and the first errors above, mend them, and run again.',
      'Check that the target stays up during the run.',
    ],
  },
  'not-authorised': {
    title: 'Contenders were turned away at the door (401 or 403)',
    causes: [
      'The token is missing, expired, or meant for another environment.',
      'The account may not book, or not for this organisation.',
    ],
    fixes: [
      'Give a fresh token (ORDER_TOKEN) or check the sign-in settings, and try one booking by hand.',
      'Check that the token outlives the run.',
    ],
  },
  'rate-limited': {
    title: 'Contenders were slowed down (429)',
    causes: ['A rate limit, per user or per address, or a firewall stopped requests before they could compete.'],
    fixes: [
      'Exempt the load generator in the test environment, or raise the limit there.',
      'Use an identity per virtual user, where the limit counts per user.',
    ],
  },
  'read-back-failed': {
    title: 'The server could not be asked who owns the seats',
    causes: [
      'The read-back path or method is wrong, or needs other rights than the booking.',
      'Its answer does not have the shape that the configuration describes.',
      'The target was down or overloaded, before the race or after it.',
    ],
    fixes: [
      'Call the read-back for one seat by hand, and compare its answer with the configuration.',
      'Set ORDER_READ_BACK to the right path; with off, the verdict rests on the answers alone.',
    ],
  },
  'checker-crashed': {
    title: 'A check itself failed',
    causes: ['A defect in the plugin, or a history file that was damaged or edited.'],
    fixes: [
      'Do not take this run for a pass: what the check would have found is not known.',
      'Report it with the history file, which does not contain secrets, and run again.',
    ],
  },
};

/** The entries that apply to the findings, each once, in the order of {@link TROUBLESHOOTING}. */
export function troubleshootingFor(findings: readonly Finding[]): readonly (Entry & { readonly id: FindingId })[] {
  const found = new Set<string>(findings.map((finding) => finding.id));
  return FINDING_ORDER.filter((id) => found.has(id)).map((id) => ({ id, ...TROUBLESHOOTING[id] }));
}

/** All kinds of finding, the gravest first. */
export const FINDING_ORDER = Object.keys(TROUBLESHOOTING) as readonly FindingId[];
