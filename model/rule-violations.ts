import type { FindingKind } from './finding-kind.ts';

/** Violations that only some rules or read-backs can show. Part of the list in `findings.ts`. */
export const RULE_VIOLATIONS = [
  {
    id: 'books-disagree',
    severity: 'violation',
    title: 'Two books of the system disagree about what is sold',
    question: 'Do all books of the system say the same about what is sold?',
    needs: 'read-back',
    causes: [
      'A counter is read, changed in memory and written back: of two updates at once, one is lost.',
      'The order and the stock are written in two transactions, and only one of them is committed.',
      'One of the books is a cache, a search index or a replica that was not brought up to date.',
      'A payment or an order is written twice, and the page shows only one of them.',
    ],
    fixes: [
      'Change the counter in one statement (UPDATE … SET stock = stock - 1 WHERE stock > 0), in the transaction of the order.',
      'Or keep one book, and derive the other from it.',
      'Give the slower book time with readBack.settleMs, if it may lag behind.',
    ],
  },
  {
    id: 'coupon-overused',
    severity: 'violation',
    title: 'A coupon was used more often than it may be',
    question: 'Was no coupon used more often than it may be?',
    causes: [
      'Check, then act: the code reads how often the coupon was used, and counts its own use in a second step.',
      'The use is counted after the payment, or by a job, so that many orders see the old number.',
      'The count is kept in a cache, or in the memory of one of several instances.',
    ],
    fixes: [
      'Count the use in one conditional statement (UPDATE … SET used = used + 1 WHERE id = … AND used < max_uses), in the transaction of the order.',
      'Or keep a row for each use, with a unique constraint on the coupon and the number of the use.',
      'Give the use back if the order fails later.',
    ],
  },
  {
    id: 'limit-overrun',
    severity: 'violation',
    title: 'One person got more than the limit allows',
    question: 'Did nobody get more than the limit allows?',
    causes: [
      'The limit is checked before the lock: parallel sessions of one person all read the same count.',
      'The lock is on the seat. Each session goes for another seat, so they share no lock.',
      'Only the front end checks the limit, or it is counted per session and not per person.',
    ],
    fixes: [
      'Lock something that all sessions of the person share (their row, or an advisory lock on their id) before counting, and hold it until the commit.',
      'Or keep the count in the row of the person, and raise it in one conditional statement (… WHERE booked < limit).',
    ],
  },
  {
    id: 'duplicate-order',
    severity: 'violation',
    title: 'One order that was sent several times became several orders',
    question: 'Did every order stay one order, however often it was sent?',
    causes: [
      'The idempotency key is looked up first and stored with the order later; the repetitions come in between.',
      'The key is stored after the order, or in another transaction, or in the memory of one of several instances.',
      'Nobody looks at the key, or the service that makes the order never gets it.',
    ],
    fixes: [
      'Store the key first, under a unique constraint, in the transaction that makes the order. A repetition that hits the constraint waits for the first answer, or gets 409.',
      'Store the answer with the key, and send it again.',
    ],
  },
  {
    id: 'key-reused',
    severity: 'violation',
    title: 'Another request under a used idempotency key was granted',
    question: 'Was another request under a used idempotency key refused?',
    causes: ['Only the key is compared, not the request: a client that reuses a key by mistake gets the wrong answer.'],
    fixes: [
      'Store a fingerprint of the request with the key, and refuse a different request under the same key (422 or 409).',
    ],
  },
  {
    id: 'keys-merged',
    severity: 'violation',
    title: 'Orders under different idempotency keys were taken for one',
    question: 'Did different idempotency keys make different orders?',
    causes: [
      'Duplicates are recognised by what is ordered, or by user and time, instead of by the key.',
      'The key is cut or normalised before it is stored.',
    ],
    fixes: ['Let the whole key decide, per user, and nothing else.'],
  },
  {
    id: 'unequal-answers',
    severity: 'violation',
    title: 'Repetitions of one order were answered differently',
    question: 'Were the repetitions of an order answered alike?',
    causes: [
      'The repetition runs into the booking of the first one ("seat taken") instead of being recognised as the same order.',
      'The answer is not stored with the key, so it cannot be sent again.',
    ],
    fixes: [
      'Look the key up before anything else, and send the stored answer again.',
      'If a status means that the first request is still under way, name it in inProgress of the rule.',
    ],
  },
  {
    id: 'not-unique',
    severity: 'violation',
    title: 'A value was given twice',
    question: 'Was every value given once?',
    causes: [
      'Read, then write: the code reads the highest number, adds one, and stores it in a second step; others read the same number in between.',
      'The counter is kept in the memory of one of several instances, or in a cache.',
      'A free code is chosen first and marked as used later.',
      'The values are drawn at random from too few, and nothing looks for a double.',
    ],
    fixes: [
      'Let the database draw the number: a sequence, or one statement that raises and returns it (UPDATE … SET next = next + 1 … RETURNING next).',
      'Take a code with SELECT … FOR UPDATE SKIP LOCKED, or UPDATE … WHERE used_by IS NULL, and treat 0 changed rows as used.',
      'Put a unique constraint on the value, and draw again on a violation.',
    ],
  },
  {
    id: 'gap',
    severity: 'violation',
    title: 'A value was skipped',
    question: 'Do the values follow each other with no gap?',
    causes: [
      'The number comes from a sequence of the database. A sequence does not take a number back when the transaction is rolled back.',
      'The number is drawn first, and a later step fails or refuses the request.',
      'Each instance draws a block of numbers in advance and does not use all of them.',
      'Somebody else drew a number during the race.',
    ],
    fixes: [
      'Keep the last number in a row, lock that row, and raise it in the transaction that stores what the number is for.',
      'Draw the number as the last step, after everything that can fail.',
      'If gaps are allowed, leave out gapless.',
    ],
  },
  {
    id: 'exclusive-broken',
    severity: 'violation',
    title: 'Two things happened that exclude each other',
    question: 'Did only one of the things happen that exclude each other?',
    causes: [
      'Each operation reads the state, finds it open, and writes its own change; none of them looks again at what the other wrote.',
      'The two operations write different columns or tables, so nothing makes them collide.',
      'The payment is made at another service before the state is changed, and a failed change does not pay it back.',
    ],
    fixes: [
      'Change the state in one conditional statement (UPDATE … SET state = … WHERE id = … AND state = …), and refuse with 409 if it changed no row.',
      'Or lock the row (SELECT … FOR UPDATE) before reading the state, in all operations, and hold the lock until the commit.',
      'Claim the state first (paying), call the other service then, and settle or undo afterwards.',
    ],
  },
  {
    id: 'hold-broken',
    severity: 'violation',
    isStory: true,
    title: 'A seat was given away while somebody held it',
    question: 'Was every hold kept?',
    causes: [
      'Check, then act: the code reads "not held" and writes the booking in a second step.',
      'The booking code checks the bookings but not the holds.',
      'The hold is kept in a cache or a lock service, and that entry ends before the lease does.',
    ],
    fixes: [
      'Keep holds and bookings under one constraint, or take both in one conditional statement (… WHERE holder IS NULL OR expires_at < now()).',
      'Compare the lifetime of the entry with the promised lease.',
    ],
  },
  {
    id: 'late-confirm',
    severity: 'violation',
    isStory: true,
    title: 'A hold was confirmed after it had ended',
    question: 'Was every confirmation in time?',
    causes: [
      'The confirmation looks for the hold but ignores when it ends; the clean-up job has not removed it yet.',
      'The end is checked before the payment, and the booking is written after it.',
    ],
    fixes: [
      'Put the end of the hold into the statement that confirms (UPDATE … WHERE hold = … AND expires_at > now()), and treat 0 changed rows as ended.',
      'If the lease is longer than the rule says, correct leaseMs. toleranceMs allows for coarse clocks.',
    ],
  },
  {
    id: 'wrongly-refused',
    severity: 'violation',
    isStory: true,
    title: 'Somebody was refused although they could have had it',
    question: 'Did everybody get what they could have had?',
    causes: [
      'A hold that has ended still blocks the seat: it waits for a clean-up job, or nothing releases it.',
      'A cancellation does not make the seat free again.',
      'A hold blocks the confirmation by the very person who has it.',
    ],
    fixes: [
      'Treat a hold as gone once it ends, cleaned up or not.',
      'If a job ends the holds, say how late it may run: toleranceMs of the rule.',
    ],
  },
  {
    id: 'not-linearizable',
    severity: 'violation',
    isStory: true,
    title: 'The answers contradict each other',
    question: 'Does one sequence of events explain all answers?',
    causes: [
      'Others see the steps of an operation while it runs: several statements without a transaction, or with too weak an isolation.',
      'Reads from a cache or a replica decide about writes.',
    ],
    fixes: [
      'Follow the operations of the witness in time: they are a set that no sequence of events explains, with nothing more to leave out.',
      'Let each operation take effect at one instant: one transaction, one conditional statement, or one lock held until the commit.',
    ],
  },
  {
    id: 'half-filled',
    severity: 'violation',
    title: 'An order has some of its seats, but not all',
    question: 'Did every order get all of its seats, or no seat?',
    causes: [
      'The seats of an order are booked one by one, each in a separate transaction; after a refusal the first ones stay booked.',
      'The clean-up after a refusal fails, or releases the wrong seats.',
    ],
    fixes: [
      'Book all the seats of an order in one transaction, and roll all of it back.',
      'Or hold the seats first, and confirm only when all are held: holds end by themselves.',
    ],
  },
  {
    id: 'deadlock',
    severity: 'violation',
    title: 'Overlapping orders blocked each other',
    question: 'Did all orders get past each other?',
    causes: [
      'Each order locks its seats in the sequence of the request, so two orders wait for each other.',
      'The database breaks a deadlock or reports a serialisation failure; nobody retries, and it becomes a 5xx.',
      'Some transactions wait for a connection, while others hold one and wait for a lock.',
    ],
    fixes: [
      'Lock seats in the same sequence everywhere: sort them by id.',
      'Retry deadlocks and serialisation failures a few times, with a pause; then refuse with 409.',
      'Set a lock timeout that is shorter than the timeout of the client.',
    ],
  },
] as const satisfies readonly FindingKind[];
