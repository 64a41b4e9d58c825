import type { LanesChart } from '../charts/lanes.ts';
import { locationOf } from '../names.ts';
import type { Report } from '../report.ts';
import { roundDetailsOf } from './round-details.ts';

/** A round as a picture. */
export interface Example {
  readonly title: string;
  readonly summary: string;
  readonly lanes: LanesChart;
}

/** So many lanes say what a race looks like. */
const LIMITS = { winners: 5, unknown: 3, refusals: 7, named: 0 } as const;

/** The closest race of a run without findings; undefined if nothing was raced. */
export function exampleOf(report: Report): Example | undefined {
  const [closest] = report.rounds
    .filter(({ requests, weak, spreadMs }) => requests > 0 && weak === undefined && spreadMs !== undefined)
    .toSorted((a, b) => Number(a.spreadMs) - Number(b.spreadMs));
  if (closest === undefined) return undefined;
  const { summary, lanes } = roundDetailsOf(report, closest, LIMITS);
  return {
    title: `The closest race: ${locationOf({ round: closest.number, inventory: closest.inventory }, report)}`,
    summary,
    lanes,
  };
}
