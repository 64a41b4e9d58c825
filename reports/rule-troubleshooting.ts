import type { FindingId } from '../model/index.ts';
import type { Entry } from './troubleshooting.ts';

/** Help for what is found only where a run is judged by a rule: holds, cancellations, coupons, idempotency keys and so on. */
export const RULE_TROUBLESHOOTING = {
  'coupon-overused': {
    title: 'A coupon was used more often than it may be',
    causes: [
      'Check, then act: the code reads how often the coupon was used, and counts its own use in a second step.',
      'The use is counted after the payment, or by a job, so that many orders see the old number.',
      'The count is kept in a cache, or in the memory of one of several instances.',
    ],
    fixes: [
      'Count the use in one conditional statement (UPDATE … SET used = used + 1 WHERE id = … AND used < max_uses), in the transaction of the order.',
      'Or keep a row for each use with a unique constraint on coupon and number of the use.',
      'Give the use back where the order fails later.',
    ],
  },
  'limit-overrun': {
    title: 'One person got more than the limit allows',
    causes: [
      'The limit is checked before the lock: parallel sessions of one person all read the same count.',
      'The lock is on the seat, and each session goes for another seat, so nothing is locked that they share.',
      'The limit is kept by the front end, or counted per session and not per person.',
    ],
    fixes: [
      'Lock something that all sessions of the person share (their row, or an advisory lock on their id) before counting, and hold it until the commit.',
      'Or keep the count in a row of the person, and raise it in one conditional statement (… WHERE booked < limit).',
    ],
  },
  'duplicate-order': {
    title: 'One order that was sent several times became several orders',
    causes: [
      'The idempotency key is looked up first and stored with the order later; the repetitions come in between.',
      'The key is stored after the order, or in another transaction, or in the memory of one of several instances.',
      'The key is not looked at, or not handed on to the service that makes the order.',
    ],
    fixes: [
      'Store the key first, under a unique constraint, in the transaction that makes the order; who hits the constraint waits for that answer, or is told 409.',
      'Keep the answer with the key, and repeat it.',
    ],
  },
  'key-reused': {
    title: 'Another request under a used idempotency key was granted',
    causes: [
      'Only the key is compared, and not what was asked for: a client that reuses a key by mistake gets the wrong answer.',
    ],
    fixes: [
      'Store a fingerprint of the request with the key, and refuse another one under the same key (422, or 409).',
    ],
  },
  'keys-merged': {
    title: 'Orders under different idempotency keys were taken for one',
    causes: [
      'Duplicates are recognised by what is ordered, or by user and time, instead of by the key.',
      'The key is cut or normalised before it is stored.',
    ],
    fixes: ['Let the key alone decide, whole, and per user.'],
  },
  'unequal-answers': {
    title: 'Repetitions of one order were answered differently',
    causes: [
      'The repetition runs into the booking of the first one ("seat taken") instead of being recognised as the same order.',
      'The answer is not stored with the key, so that it cannot be repeated.',
    ],
    fixes: [
      'Look the key up before anything else, and repeat the stored answer.',
      "If a status is meant to say that the first is still under way, name it in the rule's inProgress.",
    ],
  },
  'hold-broken': {
    title: 'A seat was given away while somebody held it',
    causes: [
      'Check, then act: the code reads "not held" and writes the booking in a second step.',
      'Booking looks at the bookings alone, and not at the holds.',
      'The hold is in a cache or a lock service, whose entry ends before the lease does.',
    ],
    fixes: [
      'Keep holds and bookings under one constraint, or take both in one conditional statement (… WHERE holder IS NULL OR expires_at < now()).',
      'Compare the lifetime of the entry with the lease that is promised.',
    ],
  },
  'late-confirm': {
    title: 'A hold was confirmed after it had ended',
    causes: [
      'The confirmation looks for the hold, and not at its end; a clean-up job that has not come yet leaves it there.',
      'The end is checked at the beginning of the payment, and the booking is written after it.',
    ],
    fixes: [
      'Put the end of the hold into the statement that confirms (UPDATE … WHERE hold = … AND expires_at > now()), and treat 0 changed rows as ended.',
      'If the lease is longer than the rule says, correct leaseMs; toleranceMs allows for coarse clocks.',
    ],
  },
  'wrongly-refused': {
    title: 'Somebody was refused what they could have had',
    causes: [
      'A hold that has ended still blocks the seat: it waits for a clean-up job, or nothing gives it back.',
      'A cancellation does not make the seat free again.',
      "The holder's own hold stands in the way of its confirmation.",
    ],
    fixes: [
      'Treat a hold as gone from the instant at which it ends, whether or not it has been cleaned up.',
      'If holds are ended by a job, say how late it may come: toleranceMs of the rule.',
    ],
  },
  'not-linearizable': {
    title: 'The answers contradict each other',
    causes: [
      'Steps of one operation are seen by others while it runs: several statements without a transaction, or at an isolation that is too weak.',
      'Reads from a cache or a replica decide about writes.',
    ],
    fixes: [
      'Follow the operations of the witness by time: they are the fewest that no order explains.',
      'Let each operation take effect at one instant: one transaction, one conditional statement, or one lock held until the commit.',
    ],
  },
  'half-filled': {
    title: 'An order has some of its seats, and not all',
    causes: [
      'The seats of an order are booked one after the other, each in a transaction of its own, and a refusal leaves the first ones.',
      'The clean-up after a refusal fails, or gives back the wrong ones.',
    ],
    fixes: [
      'Book all the seats of an order in one transaction, and roll back as a whole.',
      'Or hold them first, and confirm only when all are held; holds end by themselves.',
    ],
  },
  deadlock: {
    title: 'Orders that overlap stood in each other’s way',
    causes: [
      'Each order locks its seats in the order in which they were asked for, so that two wait for each other.',
      'A deadlock that the database has broken, or a serialisation failure, is not retried and becomes a 5xx.',
      'Transactions wait for a connection while others hold theirs and wait for a lock.',
    ],
    fixes: [
      'Lock seats in one order everywhere: sort them by id.',
      'Retry deadlocks and serialisation failures a few times, with a pause; then refuse with 409.',
      'Set a lock timeout that is shorter than the patience of the client.',
    ],
  },
} as const satisfies Partial<Record<FindingId, Entry>>;
