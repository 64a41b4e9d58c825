import { ifUnknown } from './advice.ts';
import type { FindingKind } from './finding-kind.ts';

/** The suite itself is in doubt: it would not see what it looks for. */
export const BLIND_SUITE = {
  id: 'blind-suite',
  severity: 'doubt',
  title: 'This suite cannot see a double booking',
  question: 'Can this suite fail?',
  isAboutRun: true,
  causes: [
    {
      text: 'outcome.refusal holds for every answer, also for that of the winner.',
      when: ifUnknown('ambiguous'),
    },
    { text: 'outcome.success looks for something that no answer has.', when: ifUnknown('unrecognised') },
    'The read-back asks about something that a booking does not change.',
    'The settings grant more than there is, so one success too many would not be noticed.',
  ],
  fixes: [
    'Make one booking by hand, and compare its answer with outcome.success and outcome.refusal.',
    'Ask for the read-back by hand before a booking and after it: the two answers must differ.',
    'Break the lock on purpose, and see this run fail.',
  ],
} as const satisfies FindingKind;
