import { after, type Facts, ifUnknown, mayBeExhausted, mayBeTaken } from './advice.ts';
import { BLIND_SUITE } from './blind-suite.ts';
import type { FindingKind } from './finding-kind.ts';
import { PREPARATION } from './preparation-doubts.ts';
import { WEAK_CONTENTION } from './weak-contention.ts';

const isUnclear = ifUnknown('pending', 'unreadable', 'unexpected', 'unrecognised', 'ambiguous');
const isUnread = ({ readBack }: Facts) => readBack === 'unread';

/** Doubts about the run itself. The last part of the list in `findings.ts`. */
export const DOUBTS = [
  {
    id: 'no-answer',
    severity: 'doubt',
    title: 'Nobody got an answer',
    question: 'Was somebody answered in every round?',
    isAboutRun: true,
    causes: [
      {
        text: 'The server hangs: its workers wait for each other, for a lock that nobody releases, or for a service that does not answer.',
        when: ifUnknown('timeout'),
      },
      {
        text: 'The pool of workers or connections is used up, and new requests wait in a queue.',
        when: (facts) => mayBeExhausted(facts) && ifUnknown('timeout')(facts),
      },
      'The target is down, or something in front of it keeps the requests or closes the connections.',
    ],
    fixes: [
      'Send one request by hand. If it is answered, look in the log of the server for what all of them waited for.',
      { text: 'Raise the timeout (attempt.timeoutMs) if the server is merely slow.', when: ifUnknown('timeout') },
      'Check that the target stays up during the run.',
    ],
  },
  {
    id: 'request-refused',
    severity: 'doubt',
    title: 'Everybody was refused in the same way',
    question: 'Was somebody granted something, or refused in another way?',
    isAboutRun: true,
    causes: [
      'The request is wrong: a field is missing or of another type, or an id belongs to another environment.',
      'The sale is closed, has not begun, or the account may not buy.',
      { text: 'Everything was sold before the run, and the answer says so.', when: mayBeTaken },
    ],
    fixes: [
      'Read the answer: it usually names the field or the rule.',
      'Make one booking by hand with the same request and the same token, then run again.',
      { text: 'Reset the seats or name free ones (ORDER_SEAT_IDS in the bundled scenarios).', when: mayBeTaken },
      {
        text: 'Switch the read-back on (ORDER_READ_BACK in the bundled scenarios): it tells what was taken before the run.',
        when: ({ readBack }) => readBack === 'off',
      },
    ],
  },
  {
    id: 'unrecognised',
    severity: 'doubt',
    title: 'No answer was recognised',
    question: 'Were answers recognised?',
    causes: [
      'The answer is neither a success nor a refusal as configured: outcome.success or outcome.refusal looks at another field.',
      'The server did not understand the request and says so under a 2xx, or it shows a page for people.',
      { text: 'outcome.success and outcome.refusal overlap, so an answer fits both.', when: ifUnknown('ambiguous') },
      {
        text: 'The target redirects, and neither condition names the status and the location.',
        when: after('300-399'),
      },
    ],
    fixes: [
      'Compare the text of the answers with outcome.success and outcome.refusal.',
      {
        text: 'Describe the redirects by status and header (location), or judge the page at the end with outcome.redirects: follow.',
        when: after('300-399'),
      },
      'Make one booking by hand, and describe its answer in outcome.success and that of a second one in outcome.refusal.',
      {
        text: 'Make the two conditions exclude each other: has and lacks of the same path do.',
        when: ifUnknown('ambiguous'),
      },
    ],
  },
  {
    id: 'machine-lost',
    severity: 'doubt',
    title: 'A machine did not take part until the end',
    question: 'Did every machine take part until the end?',
    causes: [
      'A machine was stopped, ran out of memory or never started.',
      'The network between a machine and the Redis broke for longer than four seconds, or the Redis was restarted.',
      'Not every history of the run was given to `judge`.',
    ],
    fixes: [
      'Look at the log of the machine that is named. Run again under another name (ORDER_RUN_ID).',
      'Give the machines more time to start: `joinMs` (ORDER_JOIN_MS).',
      'Judge the whole run: name the histories of all machines, or use the address of the Redis with --run.',
    ],
  },
  {
    id: 'indeterminate',
    severity: 'doubt',
    title: 'Nobody can say whether some attempts booked',
    question: 'Is it known of every attempt whether it booked?',
    causes: [
      {
        text: 'The server did not answer in time, or closed the connection: the booking may have been stored all the same.',
        when: ifUnknown('timeout', 'reset', 'unreachable', 'aborted'),
      },
      {
        text: 'The answer was a 5xx: the booking may have been stored before the error.',
        when: ifUnknown('server-error'),
      },
      { text: 'The answer was neither a success nor a refusal as configured.', when: isUnclear },
    ],
    fixes: [
      { text: 'If the answers are meant, describe them in outcome.success and outcome.refusal.', when: isUnclear },
      {
        text: 'Switch the read-back on (ORDER_READ_BACK in the bundled scenarios): it asks the server who has each seat, and settles the attempts without an answer.',
        when: ({ readBack }) => readBack === 'off',
      },
      {
        text: 'Raise the timeout (attempt.timeoutMs) if the server is merely slow.',
        when: ifUnknown('timeout'),
      },
      'Find the attempts of the witness in the log of the server, by their time.',
    ],
  },
  BLIND_SUITE,
  {
    id: 'undecided',
    severity: 'doubt',
    title: 'Nobody can say what became of some attempts',
    question: 'Could everything be decided?',
    causes: [
      {
        text: 'The target accepts requests (202) and decides later, in a queue: its answer is neither a booking nor a refusal.',
        when: after(202),
      },
      { text: 'The queue was still at work when the read-back asked.', when: after(202) },
      'Many operations on one seat overlap, and most got no answer: there are too many sequences to try.',
    ],
    fixes: [
      {
        text: 'Say in readBack.settleMs how long the target needs to decide, so that the read-back decides these attempts.',
        when: after(202),
      },
      { text: 'If 202 means booked, or refused, list it in outcome.success or outcome.refusal.', when: after(202) },
      'If the search was given up, run again with fewer contenders, or with a longer timeout, so that more are answered.',
    ],
  },
  WEAK_CONTENTION,
  {
    id: 'window-not-tried',
    severity: 'doubt',
    title: 'The moment that this race is about never came',
    question: 'Did the moment come that this race is about?',
    isAboutRun: true,
    needs: 'windows',
    causes: [
      'The attempts around that moment came too early or too late, or were refused for another reason.',
      'There were too few rounds or contenders to meet it by chance.',
      'A step that leads to it is missing in the flow, or is skipped (ifTrue).',
    ],
    fixes: [
      'Move the release: delayMs, spanMs and afterPreviousMs of the race line say when each operation starts.',
      'Use more rounds and more contenders (ORDER_VUS in the bundled scenarios).',
      'Check leaseMs: it must be how long the target really keeps a hold.',
    ],
  },
  ...PREPARATION,
  {
    id: 'machines-unknown',
    severity: 'doubt',
    title: 'Other machines may have raced as well',
    question: 'Is it known how many machines raced?',
    causes: [
      'Artillery runs the whole script on each of its machines (Fargate, Lambda, ACI). They raced for the same inventories, not at the same instant, and each saw bookings of the others.',
    ],
    fixes: [
      'Set `machines` and `meet` (ORDER_MACHINES, ORDER_MEET): the machines then meet in a Redis, race together and get one verdict.',
      'If there is only one machine, say so: `machines: 1`.',
    ],
  },
  {
    id: 'incomplete',
    severity: 'doubt',
    title: 'The run did not go as planned',
    question: 'Did the run go as planned?',
    isAboutRun: true,
    causes: [
      {
        text: 'The run was interrupted, or the target went away in the middle of it.',
        when: (facts) => facts.wasInterrupted || ifUnknown('reset', 'unreachable', 'aborted')(facts),
      },
      'Virtual users ended early: a step before the booking failed.',
      {
        text: 'No request has a `race:` line, or the loop around it runs over nothing.',
        when: ({ requests }) => requests === 0,
      },
    ],
    fixes: [
      { text: 'Run it again, and let it come to its end.', when: ({ wasInterrupted }) => wasInterrupted },
      {
        text: 'Read the problems and the first errors above, fix them, and run again.',
        when: ({ wasInterrupted }) => !wasInterrupted,
      },
      'Check that the target stays up during the run.',
    ],
  },
  {
    id: 'not-authorised',
    severity: 'doubt',
    title: 'Contenders were turned away at the door (401 or 403)',
    question: 'Were all contenders let in (no 401 or 403)?',
    isAboutRun: true,
    causes: [
      'The token is missing, expired, or meant for another environment.',
      'The account may not book, or not for this organisation.',
    ],
    fixes: [
      'Get a fresh token (ORDER_TOKEN in the bundled scenarios) or check the sign-in settings, and try one booking by hand.',
      'Check that the token lasts longer than the run.',
    ],
  },
  {
    id: 'rate-limited',
    severity: 'doubt',
    title: 'Contenders were slowed down (429)',
    question: 'Were all contenders let through (no 429)?',
    isAboutRun: true,
    causes: ['A rate limit, per user or per address, or a firewall stopped requests before they could compete.'],
    fixes: [
      'Exempt the load generator in the test environment, or raise the limit there.',
      'If the limit counts per user, sign each virtual user in as somebody else.',
    ],
  },
  {
    id: 'read-back-failed',
    severity: 'doubt',
    title: 'The server could not be asked who owns the seats',
    question: 'Could the server say who owns what?',
    isAboutRun: true,
    needs: 'read-back',
    causes: [
      { text: 'The read-back path or method is wrong, or needs other rights than the booking.', when: isUnread },
      { text: 'The answer does not have the shape that the configuration describes.', when: isUnread },
      'The target was down or overloaded, before the race or after it.',
    ],
    fixes: [
      'Call the read-back for one seat by hand, and compare its answer with the configuration.',
      {
        text: 'Set readBack (ORDER_READ_BACK in the bundled scenarios) to the right path. With off, the verdict rests on the answers alone.',
        when: isUnread,
      },
    ],
  },
  {
    id: 'checker-crashed',
    severity: 'doubt',
    title: 'A check itself failed',
    question: 'Did every check work?',
    isAboutRun: true,
    causes: ['A defect in the plugin, or a history file that was damaged or edited.'],
    fixes: [
      'Do not count this run as a pass: nobody knows what the check would have found.',
      'Report it with the history file (it holds no secrets), and run again.',
    ],
  },
] as const satisfies readonly FindingKind[];
