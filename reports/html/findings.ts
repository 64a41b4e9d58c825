import { FINDING_IDS, type Finding, type FindingId, kindOf } from '../../model/index.ts';
import type { LanesChart } from '../charts/lanes.ts';
import type { Report } from '../model.ts';
import { storyOf } from '../story.ts';
import { plural } from '../units.ts';
import { printable } from '../untrusted.ts';
import { witnessExcerpt } from '../witness.ts';
import { placeOf } from '../wording.ts';
import { attemptLanes } from './attempt-lanes.ts';
import { storyLanes } from './story-lanes.ts';

/** The findings of one kind with what helps against them. */
export interface FindingGroup {
  readonly id: FindingId;
  /** The fragment by which the page links to the kind as a whole. */
  readonly anchor: string;
  readonly title: string;
  readonly isViolation: boolean;
  readonly count: string;
  /** Told with their witnesses. */
  readonly inFull: readonly FindingView[];
  /** Told in one line each. */
  readonly inBrief: readonly FindingLine[];
  /** Says how many are not even named; empty where all are. */
  readonly omitted: string;
  readonly causes: readonly string[];
  readonly fixes: readonly string[];
}

interface FindingLine {
  /** The fragment by which the page links to it. */
  readonly anchor: string;
  readonly place: string;
  readonly message: string;
  /** The number of the round that it is about, where it is about one. */
  readonly round?: number;
}

interface FindingView extends FindingLine {
  /** The attempts that show it, each as a lane, or people as lanes; absent where what is missing is the proof. */
  readonly witness?: LanesChart;
  /** Says how much was left out; empty where nothing was. */
  readonly omitted: string;
}

/** What nobody reads to the end is summarised: 500 double-booked seats make one page, not five hundred. */
const SHOWN = { inFull: 20, inBrief: 500 } as const;

/** How many attempts the timelines of one kind have together, and how many each has at least and at most. */
const LANES = { together: 200, least: 6, most: 40 } as const;

/** A finding and the number by which it is linked to: 1 is the first one of the verdict file. */
interface Numbered {
  readonly finding: Finding;
  readonly number: number;
}

/** The findings by kind, the gravest kind first. */
export function findingGroupsOf(report: Report): readonly FindingGroup[] {
  const numbered = report.findings.map((finding, index): Numbered => ({ finding, number: index + 1 }));
  const byId = Map.groupBy(numbered, ({ finding }) => finding.id);
  return FINDING_IDS.flatMap((id) => {
    const its = byId.get(id);
    return its === undefined ? [] : [groupOf(report, id, its)];
  });
}

function groupOf(report: Report, id: FindingId, its: readonly Numbered[]): FindingGroup {
  const { title, causes, fixes } = kindOf({ id });
  const omitted = its.length - SHOWN.inFull - SHOWN.inBrief;
  const inFull = its.slice(0, SHOWN.inFull);
  const lanes = Math.max(LANES.least, Math.min(LANES.most, Math.floor(LANES.together / inFull.length)));
  return {
    id,
    anchor: anchorOfKind(id),
    title,
    isViolation: its.some(({ finding }) => finding.severity === 'violation'),
    count: plural(its.length, 'finding'),
    inFull: inFull.map((each) => ({ ...lineOf(report, each), ...witnessOf(report, each.finding, lanes) })),
    inBrief: its.slice(SHOWN.inFull, SHOWN.inFull + SHOWN.inBrief).map((each) => lineOf(report, each)),
    omitted: omitted > 0 ? `${omitted} more are in the verdict file.` : '',
    causes,
    fixes,
  };
}

/**
 * The fragment of a finding: `finding-3` is the third one of the verdict file. One that the page does not tell, because
 * `index` (0, 1, 2 …) others of its kind come before it, leads to its kind.
 */
export function anchorOf(id: FindingId, index: number, number: number): string {
  return index < SHOWN.inFull + SHOWN.inBrief ? `finding-${number}` : anchorOfKind(id);
}

const anchorOfKind = (id: FindingId) => `finding-${id}`;

function lineOf(report: Report, { finding, number }: Numbered): FindingLine {
  return {
    anchor: `finding-${number}`,
    place: placeOf(finding, report),
    message: printable(finding.message, 500),
    ...(finding.round !== undefined && report.attemptsByRound.has(finding.round) && { round: finding.round }),
  };
}

function witnessOf(report: Report, finding: Finding, limit: number): Pick<FindingView, 'witness' | 'omitted'> {
  const story = storyOf(report, finding);
  if (story !== undefined) {
    const people = story.lanes.length - limit;
    return {
      witness: storyLanes({ lanes: story.lanes.slice(0, limit) }),
      omitted: people > 0 ? `and ${plural(people, 'more person', 'more people')}` : '',
    };
  }
  const { rows, more } = witnessExcerpt(report, finding, limit);
  return {
    ...(rows.length > 0 && { witness: attemptLanes(rows, 'The attempts that show it') }),
    omitted: more === 0 ? '' : `and ${plural(more, 'more attempt', 'more attempts')}`,
  };
}
