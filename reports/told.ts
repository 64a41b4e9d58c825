import { type Attempt, saidIn, type Told, wordingOf } from '../model/index.ts';

/** Answers with the same status that say the same, ids and numbers aside; the most frequent first. */
export function toldBy(attempts: readonly Attempt[]): readonly Told[] {
  // Half a million refusals of a seat say the same, letter by letter: only one of them is searched for ids.
  const same = Map.groupBy(attempts, idOf);
  const counts = new Map<string, Told>();
  for (const [first, ...others] of same.values()) {
    if (first?.answer.kind !== 'answered') continue;
    const { status } = first.answer;
    const text = wordingOf(first);
    const name = `${status} ${text}`;
    counts.set(name, { status, text, count: 1 + others.length + (counts.get(name)?.count ?? 0) });
  }
  return mostFrequentFirst([...counts.values()]);
}

/** Attempts with the same id have the same answer, and it is about the same. */
function idOf(attempt: Attempt): string {
  const { answer, inventory, parts, user, idempotencyKey } = attempt;
  const said = `${answer.kind === 'answered' ? answer.status : 0} ${inventory.length} ${inventory} ${saidIn(attempt)}`;
  const isPlain = parts === undefined && user === undefined && idempotencyKey === undefined;
  return isPlain ? said : JSON.stringify([said, parts, user, idempotencyKey]);
}

export const mostFrequentFirst = (told: readonly Told[]): readonly Told[] =>
  told.toSorted((a, b) => b.count - a.count || a.status - b.status);

const UNRECOGNISED = ['unrecognised', 'ambiguous'] as const satisfies readonly (Attempt & {
  outcome: 'info';
})['cause'][];

export const isUnrecognised = (attempt: Attempt): boolean =>
  attempt.outcome === 'info' && UNRECOGNISED.some((cause) => cause === attempt.cause);

/** More kinds of answers than this do not fit on a line. */
const SHOWN = 5;

/** How {@link toldText} writes. */
interface Spelling {
  /** Each text has its status, not only those that need it. */
  readonly withStatus?: boolean;
  readonly times?: string;
  readonly dot?: string;
}

/** `1,565 × already locked · 190 × too many clients already` */
export function toldText(told: readonly Told[], { withStatus = false, times = '×', dot = '·' }: Spelling = {}): string {
  const isAlone = ({ text }: Told) => text !== '' && told.filter((other) => other.text === text).length === 1;
  const shown = told.slice(0, SHOWN).map((each) => {
    const status = withStatus || !isAlone(each) ? [each.status] : [];
    return [each.count.toLocaleString('en-US'), times, ...status, each.text].join(' ').trimEnd();
  });
  const rest = told.slice(SHOWN);
  const more = rest.reduce((sum, { count }) => sum + count, 0);
  return [...shown, ...(rest.length === 0 ? [] : [`${more.toLocaleString('en-US')} ${times} something else`])].join(
    ` ${dot} `,
  );
}
