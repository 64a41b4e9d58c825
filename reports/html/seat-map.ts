import { plural } from '../../model/index.ts';
import { unitOf } from '../names.ts';
import type { Report } from '../report.ts';
import type { RoundTable } from './rounds.ts';
import { RESULTS, type SeatResult } from './seat-result.ts';

/** A small field for every seat, coloured by result. */
export interface SeatMap {
  readonly fields: readonly SeatField[];
  readonly legend: readonly { readonly result: SeatResult; readonly symbol: string; readonly text: string }[];
  /** There are too many fields for their numbers to fit. */
  readonly isDense: boolean;
  /** Says how many seats are left out; empty if all are shown. */
  readonly omitted: string;
}

interface SeatField {
  readonly number: number;
  readonly result: SeatResult;
  readonly symbol: string;
  readonly title: string;
}

/** More fields than this are drawn without their numbers. */
const NUMBERED = 120;

/** If there are more fields than this, only those are drawn that are not as they should be. */
const ALL = 400;

/** A field for every round with a row on the page, and a legend that counts all rounds. */
export function seatMapOf(report: Report, results: ReadonlyMap<number, SeatResult>, { rows }: RoundTable): SeatMap {
  const { rounds } = report;
  const all = rows.map(({ number, name }): SeatField => {
    const result = results.get(number) ?? 'right';
    const { symbol, words } = RESULTS[result];
    return { number, result, symbol, title: `${name}: ${words}` };
  });
  const fields = all.length > ALL ? all.filter(({ result }) => result !== 'right') : all;
  const counts = Map.groupBy(rounds, ({ number }) => results.get(number) ?? 'right');
  const left = rounds.length - all.length;
  return {
    fields,
    legend: (Object.keys(RESULTS) as SeatResult[]).flatMap((result) => {
      const count = counts.get(result)?.length ?? 0;
      const { symbol, words } = RESULTS[result];
      return count === 0 ? [] : [{ result, symbol, text: `${count} ${words}` }];
    }),
    isDense: fields.length > NUMBERED,
    omitted: [
      ...(fields.length < all.length ? ['drawn: those that are not as they should be'] : []),
      ...(left > 0 ? [`${plural(left, unitOf(report).one, unitOf(report).many)} left out`] : []),
    ].join('; '),
  };
}
