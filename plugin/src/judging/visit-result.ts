import {
  type Attempt,
  ascending,
  type FindingId,
  type Folded,
  type History,
  isUnanswered,
  responseTimesMs,
  statusOf,
  sum,
} from '../../../model/index.ts';
import { surplusIn } from './completeness.ts';
import { strongIn } from './contention.ts';
import { missingIn } from './evidence.ts';
import { serverErrorsIn } from './server-errors.ts';
import { firstRoundOf, type JudgedVisit } from './visit.ts';

/** What is left of a visit where its attempts are not kept. */
export interface VisitResult extends Omit<Folded, 'rounds' | 'inventories'> {
  readonly inventory: string;
  readonly rounds: readonly number[];
  /** Nothing is wrong, doubtful or unusual in it: any other visit like it shows as much. */
  readonly isClean: boolean;
  /** Moments that the rule is about and that it did not meet; see `window-not-tried`. */
  readonly untried: readonly string[];
  readonly slowestMs: number;
  readonly widestMs: number;
}

/** They are about the run as a whole, and are found again where everything is put together. */
const OF_THE_RUN: ReadonlySet<FindingId> = new Set([
  'slow',
  'server-error',
  'window-not-tried',
  'weak-contention',
  'incomplete',
  'setup-failed',
  'machines-unknown',
  'machine-lost',
]);

/** So many attempts prove a finding of a round that is not kept. */
const WITNESSES = 3;

/** @param original the numbers of its rounds are those of the run */
export function resultOf(original: History, { alone, rounds, raced, findings }: JudgedVisit): VisitResult {
  const later = firstRoundOf(original) - 1;
  const moved = <T extends { readonly round?: number }>(item: T): T =>
    item.round === undefined ? item : { ...item, round: item.round + later };
  const { attempts } = alone;
  const own = new Set(rounds.map(({ number }) => number));
  const told = findings.filter(({ id }) => !OF_THE_RUN.has(id));
  const { counted, strong } = strongIn(rounds, raced.weaknesses);
  const times = responseTimesMs(attempts);
  const [missing, surplus] = [sum(rounds.map(missingIn)), sum(rounds.map(surplusIn))];
  const errors = Map.groupBy(serverErrorsIn(attempts), (attempt) => statusOf(attempt) ?? 0);
  return {
    inventory: rounds[0]?.inventory.key ?? '',
    rounds: rounds.map(({ number }) => number + later),
    planned: sum(rounds.map(({ planned }) => planned)),
    missing,
    surplus,
    counted,
    strong,
    silent: rounds.filter((round) => isUnanswered(round.attempts)).length,
    serverErrors: new Map([...errors].map(([status, same]) => [status, same.length])),
    responseTimesMs: times,
    findings: told.map((finding) => ({
      ...moved(finding),
      witness: finding.witness
        .filter(({ round }) => own.has(round))
        .slice(0, WITNESSES)
        .map(moved),
    })),
    isClean: told.length === 0 && missing + surplus === 0 && strong === rounds.length && attempts.every(isUsual),
    untried: findings.filter(({ id }) => id === 'window-not-tried').map(({ message }) => message),
    slowestMs: times.at(-1) ?? 0,
    widestMs: rounds.reduce((most, { spreadMs = 0 }) => Math.max(most, spreadMs), 0),
  };
}

const isUsual = (attempt: Attempt): boolean =>
  attempt.outcome === 'ok' || (attempt.outcome === 'fail' && attempt.reason === 'lost');

/** The results of all visits whose attempts are not kept. */
export function foldedOf(results: readonly VisitResult[]): Folded {
  const serverErrors = new Map<number, number>();
  for (const result of results)
    for (const [status, count] of result.serverErrors)
      serverErrors.set(status, (serverErrors.get(status) ?? 0) + count);
  const total = (name: 'planned' | 'missing' | 'surplus' | 'counted' | 'strong' | 'silent') =>
    sum(results.map((result) => result[name]));
  return {
    rounds: new Set(results.flatMap(({ rounds }) => rounds)),
    inventories: new Set(results.map(({ inventory }) => inventory)),
    planned: total('planned'),
    missing: total('missing'),
    surplus: total('surplus'),
    counted: total('counted'),
    strong: total('strong'),
    silent: total('silent'),
    serverErrors,
    responseTimesMs: ascending(results.map(({ responseTimesMs: times }) => times)),
    findings: results.flatMap(({ findings }) => findings),
  };
}
