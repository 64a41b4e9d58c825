import type { VerdictFile } from '../model/index.ts';
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
  const { expected, totals, successRate, verdict, promised, stored } = report;
  const row = (
    name: string,
    wanted: number | undefined,
    got: number | undefined,
    show: (value: number) => string = String,
  ) =>
    wanted === undefined || got === undefined
      ? []
      : [
          {
            name,
            expected: show(wanted),
            actual: show(got),
            mark: wanted === got ? ('right' as const) : verdict === 'pass' ? ('settled' as const) : ('wrong' as const),
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
    ...row('Stored', ok ?? promised, stored),
  ];
}
