import type { FindingKind } from './finding-kind.ts';

/** Doubts about what prepares a round. A part of `DOUBTS`. */
export const PREPARATION = [
  {
    id: 'setup-failed',
    severity: 'doubt',
    title: 'What prepares a round did not work',
    question: 'Did everything that prepares a round work?',
    isAboutRun: true,
    causes: [
      'The request that one virtual user sends for all (`once`) is wrong, or needs something that is not there.',
      'The target could not make what the round is about, or could not reset it.',
    ],
    fixes: [
      'Send that request by hand, and compare its answer with the one above.',
      'If the status is fine, list it in the race line: allow: [404].',
    ],
  },
  {
    id: 'reset-failed',
    severity: 'doubt',
    title: 'Something was still taken after its reset',
    question: 'Was everything free again before it was raced for again?',
    causes: [
      'The request that resets it (`once`) answered as it should, and freed nothing, or not at once.',
      'Somebody else books in this environment at the same time.',
    ],
    fixes: [
      'Send the reset by hand, and then the read-back: it must say that the thing is free.',
      'If the reset takes a moment, wait for it in the flow (`think`), after the request.',
    ],
  },
] as const satisfies readonly FindingKind[];
