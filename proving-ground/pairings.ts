import { FLOWS } from '../reference-api/flows/index.ts';
import type { StoreName } from '../reference-api/stores/index.ts';
import type { Expectation } from '../reference-api/strategy.ts';
import { ALL_LOCKS } from './race.ts';

/** A scenario of the pack, and a lock that the demo can race it against. */
export interface Pairing {
  readonly scenario: string;
  readonly lock: string;
  readonly store: StoreName;
  readonly expected: Expectation;
}

/** The locks of the ramp, which goes for those of the order race: one that is right and one that is wrong stand for all. */
const OF_RAMP = ['unique', 'none'];

/** Each scenario with each lock of its flow. The order race has tables of its own. */
export const PAIRINGS: readonly Pairing[] = [
  ...ALL_LOCKS.filter(({ store, name }) => store === 'sqlite' && OF_RAMP.includes(name)).map(
    ({ store, name, lock: { expected } }) => ({ scenario: 'order-ramp', lock: name, store, expected }),
  ),
  ...Object.entries(FLOWS)
    .filter(([scenario]) => scenario !== 'order-race')
    .flatMap(([scenario, stores]) =>
      Object.values(stores).flatMap((backends) =>
        Object.entries(backends).map(([lock, { store, expected }]) => ({ scenario, lock, store, expected })),
      ),
    ),
];

/** Under this name a row is saved. */
export const pairingName = ({ scenario, lock }: Pairing): string => `${scenario}/${lock}`;
