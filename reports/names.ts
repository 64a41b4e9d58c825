import {
  type Attempt,
  doneWord,
  type Finding,
  named,
  type Outcome,
  operationOf,
  plural,
  ruleOf,
  type VerdictFile,
  type Words,
  wordsIn,
  wordsOf,
} from '../model/index.ts';
import { ID_LENGTH, printable } from './untrusted.ts';

/** The words for an outcome that is no success. */
const OUTCOME_WORDS = { fail: 'refused', info: 'unknown' } as const satisfies Record<Exclude<Outcome, 'ok'>, string>;

/** What became of an attempt, in one word: `booked`, `held`, `refused`, `unknown`. */
export const outcomeWord = (attempt: Attempt): string =>
  attempt.outcome === 'ok' ? doneWord(operationOf(attempt)) : OUTCOME_WORDS[attempt.outcome];

/** The word for all successes of a run: `granted` if there are holds and cancellations among them. */
export const successWord = (report: Pick<VerdictFile, 'rule'>): 'booked' | 'granted' =>
  ['take turns', 'own values', 'same operation'].includes(ruleOf(report).successes) ? 'granted' : 'booked';

/** The name of the race: `order race` for the scenario `order-race.yml`. */
export const raceName = ({ scenario }: Pick<VerdictFile, 'scenario'>): string =>
  printable(scenario.replace(/\.[^.]*$/, ''), 60).replaceAll(/[-_.]/g, ' ');

/** What a finding is about: `seat 3 (79cd17f8-…)`, `seat 3 (79cd17f8-…), round 19`, `seat 3`, or `the whole run`. */
export function locationOf(
  { round, inventory }: Pick<Finding, 'round' | 'inventory'>,
  { rounds, label }: Pick<VerdictFile, 'rounds' | 'label'>,
): string {
  const key = inventory === undefined ? '' : printable(inventory, ID_LENGTH);
  if (round === undefined) return key === '' ? 'the whole run' : named(label, key);
  const first = rounds.find((each) => each.inventory === inventory)?.number;
  return roundName({ label, inventoryNumber: first ?? round, round, key });
}

/** What the name of a round is made of. */
export interface RoundName {
  /** What an inventory is called, e.g. `seat`. */
  readonly label: string;
  /** See {@link createInventoryNumbers}. It is also the number of the first round at the inventory. */
  readonly inventoryNumber: number;
  readonly round: number;
  /** The inventory's key, made printable; absent or empty: the name is without it. */
  readonly key?: string;
}

/** `seat 3 (79cd17f8-…)`, and for a later round at the same seat `seat 3 (79cd17f8-…), round 19`. */
export function roundName({ label, inventoryNumber, round, key = '' }: RoundName): string {
  const inventory = `${label} ${inventoryNumber}${key === '' ? '' : ` (${key})`}`;
  return round === inventoryNumber ? inventory : `${inventory}, round ${round}`;
}

/** How many inventories the rounds were about: an inventory may have several rounds. */
export const inventoryCount = ({ rounds }: Pick<VerdictFile, 'rounds'>): number =>
  new Set(rounds.map(({ inventory }) => inventory)).size;

/** What a row, a bar or a point stands for: a `seat`, or a `round` if a seat has several. */
export const unitOf = (report: Pick<VerdictFile, 'rounds' | 'label' | 'words'>): Words =>
  inventoryCount(report) === report.rounds.length ? wordsOf(report) : wordsIn('round');

/** `100 VUs × 16 seats`, or `25 VUs × 8 seats, 16 rounds` if there are more rounds than seats. */
export function raceSize(report: Pick<VerdictFile, 'rounds' | 'label' | 'words' | 'vus'>): string {
  const { rounds, vus } = report;
  const { one, many } = wordsOf(report);
  const inventories = inventoryCount(report);
  const more = inventories === rounds.length ? '' : `, ${plural(rounds.length, 'round')}`;
  return `${plural(vus, 'VU')} × ${plural(inventories, one, many)}${more}`;
}
