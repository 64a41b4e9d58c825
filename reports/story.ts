import {
  describeConclusion,
  type Finding,
  kindOf,
  type Operation,
  type Outcome,
  operationNamed,
  operationOf,
  ruleOf,
  startOf,
  userOf,
} from '../model/index.ts';
import type { Report } from './report.ts';
import { formatOffset } from './units.ts';
import { printable } from './untrusted.ts';

/**
 * A history that no sequence explains, as lanes: one for each person, with their operations from release to answer
 * and the length of their holds. Times are milliseconds from the first release in the story, whatever the round. It is
 * plain data, which the renderers draw or tell.
 */
export interface Story {
  /** In the order in which people appear. */
  readonly lanes: readonly StoryLane[];
}

export interface StoryLane {
  /** Made printable. */
  readonly person: string;
  readonly operations: readonly StoryOperation[];
  readonly holds: readonly StoryHold[];
}

export interface StoryOperation {
  readonly kind: Operation;
  readonly fromMs: number;
  /** When the answer was complete, or the client gave up: without an answer, the operation may take effect later. */
  readonly toMs: number;
  readonly outcome: Outcome;
  /** What came back, made printable. */
  readonly said: string;
}

/** A granted hold. Only the server knows when it began and ended; outside, we know a range for each. */
export interface StoryHold {
  /** The hold began between these two. */
  readonly fromMs: number;
  readonly toMs: number;
  /** It ended between these two, unless it was confirmed or given up before; undefined for a hold without a lease. */
  readonly endsFromMs: number | undefined;
  readonly endsToMs: number | undefined;
}

/** The story that a finding's witness tells; undefined for a witness that is no history of operations. */
export function storyOf({ rule }: Pick<Report, 'rule'>, { id, witness }: Finding): Story | undefined {
  if (ruleOf({ rule }).successes !== 'take turns' || !kindOf({ id }).isStory) return undefined;
  const [first] = witness;
  if (first === undefined) return undefined;
  const originMs = witness.reduce((earliest, attempt) => Math.min(earliest, startOf(attempt)), startOf(first));
  const lease = rule !== undefined && 'leaseMs' in rule ? rule : undefined;
  const byPerson = Map.groupBy(
    witness.toSorted((a, b) => startOf(a) - startOf(b)),
    userOf,
  );
  return {
    lanes: [...byPerson].map(([person, attempts]) => ({
      person: printable(person),
      operations: attempts.map((attempt) => ({
        kind: operationNamed(operationOf(attempt)),
        fromMs: startOf(attempt) - originMs,
        toMs: attempt.completedAtMs - originMs,
        outcome: attempt.outcome,
        said: printable(describeConclusion(attempt)),
      })),
      holds: attempts
        .filter((attempt) => operationOf(attempt) === 'hold' && attempt.outcome === 'ok')
        .map((attempt) => {
          const [fromMs, toMs] = [startOf(attempt) - originMs, attempt.completedAtMs - originMs];
          return {
            fromMs,
            toMs,
            endsFromMs: lease && fromMs + lease.leaseMs - lease.toleranceMs,
            endsToMs: lease && toMs + lease.leaseMs + lease.toleranceMs,
          };
        }),
    })),
  };
}

/** One line of a story: what somebody did, or when their hold ended. */
export interface StoryRow {
  readonly person: string;
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly said: string;
}

const WORDS = { ok: 'granted', fail: 'refused', info: 'unknown' } as const satisfies Record<Outcome, string>;

/** A story as a small table, from the first instant to the last. */
export const storyRows = ({ lanes }: Story): readonly StoryRow[] => byTime(lanes.flatMap(laneRows));

/** What one person did, and when their holds ended, in the order of time. */
export function laneRows({ person, operations, holds }: StoryLane): readonly StoryRow[] {
  const done = operations.map(({ kind, fromMs, toMs, outcome, said }) => ({
    person,
    what: kind,
    fromMs,
    toMs,
    said: `${WORDS[outcome]}: ${said}`,
  }));
  const ends = holds.flatMap(({ endsFromMs, endsToMs }) =>
    endsFromMs === undefined || endsToMs === undefined
      ? []
      : [
          {
            person,
            what: 'hold ends',
            fromMs: endsFromMs,
            toMs: endsToMs,
            said: 'by its lease, unless it was confirmed or given up',
          },
        ],
  );
  return byTime([...done, ...ends]);
}

const byTime = (rows: readonly StoryRow[]) => rows.toSorted((a, b) => a.fromMs - b.fromMs);

/** `VU 3, hold, between +0.00 and +10.21 ms: granted: 201, order h1` */
export const storySentence = ({ person, what, fromMs, toMs, said }: StoryRow): string =>
  `${person}, ${what}, between ${formatOffset(fromMs)} and ${formatOffset(toMs)} ms: ${said}`;
