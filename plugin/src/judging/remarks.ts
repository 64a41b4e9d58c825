import {
  type Amount,
  compareAmounts,
  type FoldedHistory,
  type History,
  minus,
  named,
  type Raced,
  ruleOf,
  subjectIdOf,
  weakBecause,
} from '../../../model/index.ts';
import { type Contest, type Evidence, evidenceOf } from './evidence.ts';
import { untoldFindings } from './folded.ts';
import { type Closeness, closenessOf } from './strength.ts';

/** What a report says besides the findings. */
export interface Remarks {
  /** What a reader must know about a run although it is neither a violation nor a doubt, one sentence each. */
  readonly notes: readonly string[];
  /** Units that the server holds since the race, by {@link subjectIdOf}; only where it is known. */
  readonly stored: ReadonlyMap<string, Amount>;
  /** Why rounds do not count, by their numbers; strong ones are not in it. */
  readonly weak: ReadonlyMap<number, readonly string[]>;
  /** How close the attempts of strong rounds came, and what a pass does not exclude. */
  readonly closeness?: Closeness;
}

/** What was worked out before about a history. */
export interface Known {
  readonly raced?: Raced | undefined;
  readonly evidence?: Evidence | undefined;
}

/** Never throws: where the evidence makes no sense, `judge` says so, and there is nothing to remark. */
export function remarksOf(history: FoldedHistory, known: Known = {}): Remarks {
  try {
    const evidence = known.evidence ?? evidenceOf(history, known.raced);
    const { inventories, alreadyTaken, rounds } = evidence;
    const weak = weakIn(evidence);
    const strong = rounds.filter(({ number, attempts }) => attempts.length > 0 && !weak.has(number));
    return {
      notes: [
        ...notesOf(history, inventories),
        ...notGoneForIn(history, [...inventories, ...alreadyTaken]),
        ...untoldFindings(history),
      ],
      stored: new Map(inventories.flatMap(storedIn)),
      weak,
      closeness: closenessOf(history, strong),
    };
  } catch {
    return { notes: [], stored: new Map(), weak: new Map() };
  }
}

function notesOf({ run }: History, inventories: readonly Contest[]): readonly string[] {
  const uncounted = inventories.filter(({ cannotCount }) => cannotCount);
  const [first] = uncounted;
  if (first === undefined) return [];
  const { key, capacity } = first.inventory;
  const more = uncounted.length > 1 ? ` and ${uncounted.length - 1} more` : '';
  const what = ruleOf(run.plan).isUnlimited ? 'how much' : `how many of the ${capacity} units`;
  return [
    `This read-back cannot count: it only says "taken" or "free", which proves nothing about ${what} ` +
      `of ${named(run.label, key)}${more} ${what === 'how much' ? 'is' : 'are'} sold. Let readBack.units or readBack.orderIds say it.`,
  ];
}

function storedIn(contest: Contest): [string, Amount][] {
  const { soldAfter, soldBefore } = contest;
  if (soldAfter === undefined) return [];
  const gained = minus(soldAfter, soldBefore);
  return [[subjectIdOf(contest), compareAmounts(gained, 0) < 0 ? 0 : gained]];
}

/** What nobody went for, where each contender goes for whatever it likes. */
function notGoneForIn({ run: { plan, label } }: History, inventories: readonly Contest[]): readonly string[] {
  if (plan.anyItem !== true) return [];
  const raced = new Set(inventories.map(({ inventory }) => inventory.key));
  const left = plan.inventories.filter(({ key }) => !raced.has(key)).map(({ key }) => key);
  if (left.length === 0) return [];
  const more = left.length > MAX_NAMED ? ` and ${(left.length - MAX_NAMED).toLocaleString('en-US')} more` : '';
  return [`Nobody went for ${label} ${left.slice(0, MAX_NAMED).join(', ')}${more}.`];
}

const MAX_NAMED = 10;

function weakIn({ rounds, raced: { weaknesses } }: Evidence): Remarks['weak'] {
  const reasons = rounds.map((round): [number, string[]] => [round.number, weakBecause(weaknesses.get(round))]);
  return new Map(reasons.filter(([, because]) => because.length > 0));
}
