import { type Amount, compareAmounts, ruleOf, settingsOf, sum, type VerdictFile } from '../model/index.ts';
import { formatPercent } from './units.ts';

/** One row of the table "expected vs. actual", ready to show. */
export interface ExpectedActual {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
  /** `settled`: it differs in a run that passed, because the server was asked, or a limit allows it. */
  readonly mark: 'right' | 'wrong' | 'settled';
}

/** How a mark is drawn; a settled difference has no mark. */
export const SYMBOLS = { right: '✓', wrong: '✗', settled: '' } as const satisfies Record<
  ExpectedActual['mark'],
  string
>;

/**
 * Compares the totals with those of a right answer to the plan, and what is stored with what should be. A total with several
 * right values has no row; of such, what was promised is to be stored.
 */
export function expectedActual(report: VerdictFile): readonly ExpectedActual[] {
  const { expected, totals, successRate, verdict, stored } = report;
  const row = <A extends Amount>(
    name: string,
    wanted: A | undefined,
    got: A | undefined,
    show: (value: A) => string = String,
  ) =>
    wanted === undefined || got === undefined
      ? []
      : [
          {
            name,
            expected: show(wanted),
            actual: show(got),
            mark:
              compareAmounts(wanted, got) === 0
                ? ('right' as const)
                : verdict === 'pass'
                  ? ('settled' as const)
                  : ('wrong' as const),
          },
        ];
  const { requests, ok, fail, info } = expected;
  const rate = ok === undefined ? undefined : requests === 0 ? 0 : ok / requests;
  return [
    ...row('Requests', requests, totals.requests),
    ...row('Successes', ok, totals.ok),
    ...row('Failures', fail, totals.fail),
    ...row('Unknown', info, totals.info),
    ...row('Success rate', rate, successRate, formatPercent),
    ...row('Stored', ok ?? storedByRight(report), stored),
  ];
}

/**
 * How much a right server has stored since the race: what it promised. Where answers promise nothing, as much as the
 * capacity says; undefined if it may be less.
 */
export function storedByRight({ promised, rounds, rule }: VerdictFile): Amount | undefined {
  if (ruleOf({ rule }).successes !== 'prove nothing') return promised;
  if (settingsOf({ rule }).exactly === false) return undefined;
  const raced = rounds.filter(({ requests }) => requests > 0);
  return sum([...new Map(raced.map(({ inventory, capacity }) => [inventory, capacity])).values()]);
}
