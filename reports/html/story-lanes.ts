import { type Lane, type LanesChart, lanesChart, type Mark, type Span } from '../charts/lanes.ts';
import { laneRows, type Story, type StoryLane, type StoryRow } from '../story.ts';
import { formatOffset } from '../units.ts';
import { OUTCOME_MARKS } from './attempt-lanes.ts';

/** A contradiction as lanes: one for each person, with their operations and the leases of their holds. */
export function storyLanes({ lanes }: Story): LanesChart {
  return lanesChart(lanes.map(laneOf), {
    caption: 'What contradicts itself, person by person',
    head: 'Who',
    figures: [],
    note: 'In order of time, from release to answer, in ms',
  });
}

function laneOf(lane: StoryLane): Lane {
  const { person, operations, holds } = lane;
  const leases = holds.flatMap(({ toMs, endsFromMs }): Span[] =>
    endsFromMs === undefined || endsFromMs <= toMs ? [] : [{ fromMs: toMs, toMs: endsFromMs, kind: 'waiting' }],
  );
  return {
    label: person,
    isProminent: false,
    spans: [
      ...leases,
      ...operations.map(({ fromMs, toMs, kind }): Span => ({ fromMs, toMs, kind: 'active', text: kind })),
    ],
    marks: operations.map(({ toMs, outcome }): Mark => ({ atMs: toMs, kind: OUTCOME_MARKS[outcome] })),
    figures: [],
    note: laneRows(lane).map(words).join('; '),
  };
}

const words = ({ what, fromMs, toMs, said }: StoryRow): string =>
  `${what} ${formatOffset(fromMs)} to ${formatOffset(toMs)}: ${said}`;
