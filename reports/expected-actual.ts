import type { VerdictFile } from '../model/index.ts';
import { formatPercent } from './units.ts';

/** One row of the table "expected vs. actual", ready to show. */
export interface ExpectedActual {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
  readonly isRight: boolean;
}

/** Compares the totals with those of a right answer to the plan. A total with several right values has no row. */
export function expectedActual({ expected, totals, successRate }: VerdictFile): readonly ExpectedActual[] {
  const row = (name: string, wanted: number | undefined, got: number, show: (value: number) => string = String) =>
    wanted === undefined ? [] : [{ name, expected: show(wanted), actual: show(got), isRight: wanted === got }];
  const { requests, ok, fail, info } = expected;
  const rate = ok === undefined ? undefined : requests === 0 ? 0 : ok / requests;
  return [
    ...row('Requests', requests, totals.requests),
    ...row('Successes', ok, totals.ok),
    ...row('Failures', fail, totals.fail),
    ...row('Unknown', info, totals.info),
    ...row('Success rate', rate, successRate, formatPercent),
  ];
}
