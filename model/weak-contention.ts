import { type Facts, ifRaced } from './advice.ts';
import type { FindingKind } from './finding-kind.ts';

const isInTurn = (facts: Facts) => !ifRaced(facts);

/** What was raced was no race, or nothing was to be raced at all. */
export const WEAK_CONTENTION = {
  id: 'weak-contention',
  severity: 'doubt',
  namesWeakRounds: true,
  title: 'The race was not tight enough to prove anything',
  question: 'Was the race tight enough?',
  causes: [
    { text: 'Each request was sent after the answer to the one before, as was asked for.', when: isInTurn },
    { text: 'Some contenders did not reach the rendezvous in time, or ended before it.', when: ifRaced },
    { text: 'The machine that sends the requests is busy or too small, or the network is slow.', when: ifRaced },
    {
      text: 'The server answers so fast, or lets so few in at a time, that the requests hardly overlap.',
      when: ifRaced,
    },
  ],
  fixes: [
    {
      text: 'Run it again without --one-at-a-time (in a suite: release). What goes wrong only then is the race.',
      when: isInTurn,
    },
    { text: 'Run closer to the target, on a machine with a free CPU and no other load.', when: ifRaced },
    { text: 'Look for a proxy or gateway in between that limits or queues connections.', when: ifRaced },
    {
      text: 'Let the race use HTTP/2 (wire: auto): then all requests leave in one packet.',
      when: (facts) => ifRaced(facts) && facts.isTls && facts.wire === 'http1',
    },
    {
      text: 'Use more contenders (ORDER_VUS in the bundled scenarios).',
      when: (facts) => ifRaced(facts) && facts.contenders < 50,
    },
    { text: 'Loosen the limits on spread and overlap only with a reason.', when: ifRaced },
  ],
} as const satisfies FindingKind;
