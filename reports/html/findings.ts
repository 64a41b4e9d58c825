import {
  causesFor,
  FINDING_IDS,
  type Finding,
  type FindingId,
  fixesFor,
  inWords,
  kindOf,
  plural,
  withOutcome,
} from '../../model/index.ts';
import type { LanesChart } from '../charts/lanes.ts';
import { evidenceOf, needsOf } from '../evidence.ts';
import { locationOf } from '../names.ts';
import type { Report } from '../report.ts';
import { storyOf } from '../story.ts';
import { printable } from '../untrusted.ts';
import { witnessExcerpt } from '../witness.ts';
import { attemptLanes } from './attempt-lanes.ts';
import { storyLanes } from './story-lanes.ts';

/** The findings of one kind, with usual causes and fixes. */
export interface FindingGroup {
  readonly id: FindingId;
  /** The fragment of the whole kind, to link to. */
  readonly anchor: string;
  readonly title: string;
  readonly isViolation: boolean;
  readonly count: string;
  /** Shown first, as pictures; the worst of them first. */
  readonly worst: readonly FindingView[];
  /** What is folded away, in words; empty if nothing is. */
  readonly more: string;
  /** The first group is open. */
  readonly isOpen: boolean;
  /** Folded, with their witnesses. */
  readonly inFull: readonly FindingView[];
  /** Shown in one line each. */
  readonly inBrief: readonly FindingLine[];
  /** Says how many are left out; empty if all are shown. */
  readonly omitted: string;
  readonly causes: readonly string[];
  readonly fixes: readonly string[];
}

interface FindingLine {
  /** The fragment of the finding, to link to. */
  readonly anchor: string;
  /** See {@link locationOf}. */
  readonly location: string;
  readonly message: string;
  /** Number of the round that the finding is about; absent for a finding about the whole run. */
  readonly round?: number;
}

interface FindingView extends FindingLine {
  /** A lane for each attempt, or for each person. Absent if there is no witness: something is missing, and that is the proof. */
  readonly witness?: LanesChart;
  /** Its requests and traces; undefined where the history holds neither. */
  readonly evidence: EvidenceView | undefined;
  /** Says how much of the witness is left out; empty if nothing is. */
  readonly omitted: string;
}

interface EvidenceView {
  readonly hasTraces: boolean;
  readonly rows: readonly {
    readonly vu: number;
    readonly traceId: string;
    readonly traceHref: string;
    /** Empty if the history does not hold the request. */
    readonly command: string;
    /** What the command needs; empty if nothing. */
    readonly needs: string;
  }[];
}

/** Nobody reads more to the end: 500 double-booked seats make one page, not five hundred. */
const SHOWN = { worst: 3, inFull: 20, inBrief: 500 } as const;

/** How many lanes the findings of one kind have together, and how many a finding has at least and at most. */
const LANES = { together: 200, least: 6, most: 12 } as const;

/** How many requests of a finding are shown. */
const MAX_EVIDENCE = 20;

/** A finding and the number in links to it: 1 is the first one of the verdict file. */
interface Numbered {
  readonly finding: Finding;
  readonly number: number;
}

/** The findings by kind, the gravest kind first. */
export function findingGroupsOf(report: Report): readonly FindingGroup[] {
  return rankedOf(report.findings).map(([id, findings], index) => groupOf(report, id, findings, index === 0));
}

/** The kinds in the order of reports. In a kind, what was sold most often comes first. */
function rankedOf(findings: readonly Finding[]): readonly (readonly [FindingId, readonly Numbered[]])[] {
  const numbered = findings.map((finding, index): Numbered => ({ finding, number: index + 1 }));
  const byId = Map.groupBy(numbered, ({ finding }) => finding.id);
  const successes = ({ finding }: Numbered) => withOutcome(finding.witness, 'ok').length;
  return FINDING_IDS.flatMap((id) => {
    const same = byId.get(id);
    return same === undefined ? [] : [[id, same.toSorted((a, b) => successes(b) - successes(a))] as const];
  });
}

function groupOf(report: Report, id: FindingId, findings: readonly Numbered[], isOpen: boolean): FindingGroup {
  const kind = kindOf({ id });
  const lanes = Math.max(
    LANES.least,
    Math.min(LANES.most, Math.floor(LANES.together / Math.min(findings.length, SHOWN.inFull))),
  );
  const inFull = findings.slice(0, SHOWN.inFull).map((each) => ({
    ...lineOf(report, each),
    ...witnessOf(report, each.finding, lanes),
    evidence: evidenceIn(report, each.finding),
  }));
  const more = findings.length - SHOWN.worst;
  const omitted = findings.length - SHOWN.inFull - SHOWN.inBrief;
  return {
    id,
    anchor: anchorOfKind(id),
    title: inWords(kind.title, report.facts.words),
    isViolation: findings.some(({ finding }) => finding.severity === 'violation'),
    count: plural(findings.length, 'finding'),
    isOpen,
    worst: inFull.slice(0, SHOWN.worst),
    more: more > 0 ? `${more} more of the same` : '',
    inFull: inFull.slice(SHOWN.worst),
    inBrief: findings.slice(SHOWN.inFull, SHOWN.inFull + SHOWN.inBrief).map((each) => lineOf(report, each)),
    omitted: omitted > 0 ? `${omitted} more are in the verdict file.` : '',
    causes: causesFor(kind, report.facts),
    fixes: fixesFor(kind, report.facts),
  };
}

/**
 * The fragment of each finding, in the order given: `finding-3` is the third one of the verdict file. If the page leaves the
 * finding out, the link leads to its kind.
 */
export function anchorsOf(findings: readonly Finding[]): readonly string[] {
  const anchors = new Map(
    rankedOf(findings).flatMap(([id, same]) =>
      same.map(({ number }, index) => [
        number,
        index < SHOWN.inFull + SHOWN.inBrief ? `finding-${number}` : anchorOfKind(id),
      ]),
    ),
  );
  return findings.map((_, index) => anchors.get(index + 1) ?? '');
}

const anchorOfKind = (id: FindingId) => `finding-${id}`;

function lineOf(report: Report, { finding, number }: Numbered): FindingLine {
  return {
    anchor: `finding-${number}`,
    location: locationOf(finding, report),
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

function evidenceIn(report: Report, { witness }: Finding): EvidenceView | undefined {
  const rows = evidenceOf(report, witness, MAX_EVIDENCE).map(({ curl, ...row }) => ({
    ...row,
    command: curl?.command ?? '',
    needs: curl === undefined ? '' : needsOf(curl),
  }));
  return rows.length === 0 ? undefined : { hasTraces: rows.some(({ traceId }) => traceId !== ''), rows };
}
