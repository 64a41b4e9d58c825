import type { Outcome } from '../../model/index.ts';
import { type Lane, type LanesChart, lanesChart, type Mark, type Span } from '../charts/lanes.ts';
import { formatOffset } from '../units.ts';
import type { WitnessRow } from '../witness.ts';

/** The mark of each outcome. */
export const OUTCOME_MARKS = { ok: 'booked', fail: 'refused', info: 'unknown' } as const satisfies Record<
  Outcome,
  Mark['kind']
>;

/** A lane for each attempt: from release to the first byte, and on to the end of the answer. */
export function attemptLanes(rows: readonly WitnessRow[], caption: string): LanesChart {
  return lanesChart(rows.map(laneOf), {
    caption,
    head: 'VU',
    figures: ['Released', 'First byte', 'Done'],
    note: 'Answer',
  });
}

function laneOf(row: WitnessRow): Lane {
  const { vu, outcome, result, releasedMs, firstByteMs, doneMs, said } = row;
  return {
    label: String(vu),
    isProminent: outcome === 'ok',
    spans: spansOf(row),
    marks: [{ atMs: doneMs, kind: OUTCOME_MARKS[outcome] }],
    figures: [releasedMs, firstByteMs, doneMs].map(formatOffset),
    note: `${result}: ${said}`,
  };
}

/** An attempt that was never released has no span: only its end is known. */
function spansOf({ releasedMs, firstByteMs, doneMs }: WitnessRow): readonly Span[] {
  if (releasedMs === undefined) return [];
  const waiting = { fromMs: releasedMs, toMs: firstByteMs ?? doneMs, kind: 'waiting' } as const;
  return firstByteMs === undefined ? [waiting] : [waiting, { fromMs: firstByteMs, toMs: doneMs, kind: 'active' }];
}
