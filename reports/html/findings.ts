import type { Finding, FindingId } from '../../plugin/src/model/index.ts';
import type { Report } from '../model.ts';
import { FINDING_ORDER, TROUBLESHOOTING } from '../troubleshooting.ts';
import { formatOffset, plural } from '../units.ts';
import { printable } from '../untrusted.ts';
import { type WitnessRow, witnessExcerpt } from '../witness.ts';
import { OUTCOME_WORDS, placeOf } from '../wording.ts';

/** The findings of one kind with what helps against them. */
export interface FindingGroup {
  readonly id: FindingId;
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
}

interface FindingView extends FindingLine {
  readonly witness: readonly WitnessView[];
  /** Says how many attempts were left out; empty where none were. */
  readonly omitted: string;
}

interface WitnessView {
  readonly vu: number;
  readonly isWinner: boolean;
  readonly released: string;
  readonly firstByte: string;
  readonly done: string;
  readonly outcome: string;
  readonly said: string;
}

/** What nobody reads to the end is summarised: 500 double-booked seats make one page, not five hundred. */
const SHOWN = { inFull: 20, inBrief: 500, witness: 20 } as const;

/** The findings by kind, the gravest kind first. */
export function findingGroupsOf(report: Report): readonly FindingGroup[] {
  const byId = Map.groupBy(report.findings, (finding) => finding.id);
  return FINDING_ORDER.flatMap((id) => {
    const its = byId.get(id);
    return its === undefined ? [] : [groupOf(report, id, its)];
  });
}

function groupOf(report: Report, id: FindingId, its: readonly Finding[]): FindingGroup {
  const { title, causes, fixes } = TROUBLESHOOTING[id];
  const omitted = its.length - SHOWN.inFull - SHOWN.inBrief;
  const lines = its.map((finding, index) => lineOf(report, finding, anchorOf(id, index)));
  return {
    id,
    title,
    isViolation: its.some((finding) => finding.severity === 'violation'),
    count: plural(its.length, 'finding'),
    inFull: its.slice(0, SHOWN.inFull).map((finding, index) => ({
      ...lineOf(report, finding, anchorOf(id, index)),
      ...witnessOf(report, finding),
    })),
    inBrief: lines.slice(SHOWN.inFull, SHOWN.inFull + SHOWN.inBrief),
    omitted: omitted > 0 ? `${omitted} more are in the verdict file.` : '',
    causes,
    fixes,
  };
}

/** The anchor of the finding that comes at `index` (0, 1, 2 …) among those of its kind. */
export function anchorOf(id: FindingId, index: number): string {
  return index < SHOWN.inFull + SHOWN.inBrief ? `${id}-${index + 1}` : id;
}

function lineOf(report: Report, finding: Finding, anchor: string): FindingLine {
  return { anchor, place: placeOf(finding, report.label), message: printable(finding.message, 500) };
}

function witnessOf(report: Report, finding: Finding): Pick<FindingView, 'witness' | 'omitted'> {
  const { rows, more } = witnessExcerpt(report, finding, SHOWN.witness);
  return {
    witness: rows.map(witnessViewOf),
    omitted: more === 0 ? '' : `and ${plural(more, 'more attempt', 'more attempts')}`,
  };
}

function witnessViewOf(row: WitnessRow): WitnessView {
  return {
    vu: row.vu,
    isWinner: row.outcome === 'ok',
    released: formatOffset(row.releasedMs),
    firstByte: formatOffset(row.firstByteMs),
    done: formatOffset(row.doneMs),
    outcome: OUTCOME_WORDS[row.outcome],
    said: row.said,
  };
}
