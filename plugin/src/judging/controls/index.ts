import {
  type Attempt,
  CONTROL_NAMES,
  type Control,
  type ControlName,
  type Finding,
  type History,
  isOldHistory,
  kindOf,
  named,
  ruleOf,
  subjectIdOf,
} from '../../../../model/index.ts';
import type { Contest, Evidence } from '../evidence.ts';
import { isUnseen } from '../machines.ts';
import { asWinner, pairIn } from './refusal-as-winner.ts';
import { asFree, canProveLoss } from './sold-as-free.ts';
import { asLoser, unsoldPairIn } from './winner-as-refusal.ts';

/** A history in which one thing is other than it was. */
interface Change {
  readonly contest: Contest;
  readonly history: History;
  /** What was changed, as the beginning of a sentence. */
  readonly had: string;
}

/**
 * Judges the history again with one round changed so that it must fail. A suite that does not notice is blind. A run that had
 * no such round proves neither.
 *
 * @param tellings the evidence of each book; its attempts are settled
 * @param judge judges the changed history, without controls
 */
export function controlsOf(
  history: History,
  tellings: readonly Evidence[],
  judge: (history: History) => readonly Finding[],
): Control[] {
  const [first] = tellings;
  if (first === undefined) return [];
  const whole = { ...history, attempts: first.history.attempts };
  const isCertain = !isOldHistory(history);
  return CONTROL_NAMES.map((name) => {
    const isOfRule = ruleOf(first.plan).controls.includes(name);
    const change = isCertain && isOfRule ? changeBy(name, whole, tellings) : undefined;
    return change === undefined ? notApplied(name) : controlled(name, change, first, judge(change.history));
  });
}

const notApplied = (name: ControlName): Control => ({
  name,
  applies: false,
  failed: false,
  message: MISSING[name],
});

const MISSING = {
  'refusal-as-winner': 'no round has a refusal that the rule forbids to be a success',
  'winner-as-refusal': 'no round has a winner whose refusal would leave something unsold for certain',
  'sold-as-free': 'no read-back can prove that a booking was lost',
} as const satisfies Record<ControlName, string>;

function controlled(name: ControlName, change: Change, evidence: Evidence, found: readonly Finding[]): Control {
  const { contest, had } = change;
  const proof =
    found.find(
      (finding) =>
        finding.severity === 'violation' &&
        (contest.visit === undefined || finding.round === contest.round) &&
        finding.inventory === contest.inventory.key &&
        kindOf(finding).aside === undefined,
    ) ?? (evidence.rounds.length === 1 ? found.find(({ id }) => id === 'request-refused') : undefined);
  if (proof !== undefined) {
    const would = proof.severity === 'violation' ? 'would have failed' : 'would not have passed';
    return { name, applies: true, failed: true, message: `${had}, this run ${would}: ${proof.id}` };
  }
  // A search that was given up proves nothing about the suite.
  if (found.some(({ id }) => UNSURE.has(id))) return notApplied(name);
  return { name, applies: true, failed: false, message: `${had}, this run would not have failed` };
}

const UNSURE: ReadonlySet<Finding['id']> = new Set(['undecided', 'checker-crashed', 'request-refused']);

function changeBy(name: ControlName, history: History, tellings: readonly Evidence[]): Change | undefined {
  const contests = tellings[0]?.inventories ?? [];
  const { plan, label } = history.run;
  switch (name) {
    case 'refusal-as-winner':
      return firstOf(contests, (contest) => {
        const pair = pairIn(contest, plan);
        if (pair === undefined) return undefined;
        const had = `Had VU ${pair.loser.vu} been answered as VU ${pair.winner.vu} was`;
        return { contest, had, history: cutDown(history, contest, contests, [pair.loser, asWinner(pair)]) };
      });
    case 'winner-as-refusal':
      if (isUnseen(history)) return undefined;
      return firstOf(contests, (contest) => {
        const pair = unsoldPairIn(contest, plan);
        if (pair === undefined) return undefined;
        const had = `Had VU ${pair.winner.vu} been refused as VU ${pair.loser.vu} was`;
        return { contest, had, history: cutDown(history, contest, contests, [pair.winner, asLoser(pair)]) };
      });
    case 'sold-as-free': {
      if (isUnseen(history)) return undefined;
      const contest = tellings.flatMap(({ inventories }) => inventories).find((one) => canProveLoss(one, plan));
      if (contest === undefined) return undefined;
      const cut = cutDown(history, contest, contests);
      const had = `Had the server called ${named(label, contest.inventory.key)} free afterwards`;
      return { contest, had, history: { ...cut, readBacks: asFree(cut.readBacks, contest) } };
    }
  }
}

function firstOf<T, R>(items: readonly T[], of: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = of(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The history of one inventory, and of another one that somebody got: that shows that the request is right. So half a million
 * attempts are not judged four times.
 */
function cutDown(
  history: History,
  contest: Contest,
  contests: readonly Contest[],
  [from, to]: readonly Attempt[] = [],
): History {
  const other = contests.find(
    (one) => subjectIdOf(one) !== subjectIdOf(contest) && one.attempts.some(({ outcome }) => outcome === 'ok'),
  );
  const kept = [contest, ...(other === undefined ? [] : [other])];
  const idOf = (key: string, visit: number | undefined) => subjectIdOf({ inventory: { key }, visit });
  const ids = new Set(kept.map(subjectIdOf));
  const asked = new Set(
    kept.flatMap(({ inventory: { key, parts = [] }, visit }) => [key, ...parts].map((part) => idOf(part, visit))),
  );
  const isKept = ({ inventory, visit }: Attempt) => ids.has(idOf(inventory, visit));
  return {
    ...history,
    attempts: history.attempts.filter(isKept).map((attempt) => (to !== undefined && attempt === from ? to : attempt)),
    ...(history.unjudged && { unjudged: history.unjudged.filter(isKept) }),
    readBacks: history.readBacks.filter((answer) => asked.has(idOf(answer.inventory, answer.visit))),
  };
}
