import { type Finding, type FindingId, inWords, kindOf, plural, wordsOf } from '../../model/index.ts';
import { findingsByRound } from '../findings-by-round.ts';
import { oversoldIn, soldTimes } from '../oversold.ts';
import type { Report } from '../report.ts';
import { roundLine } from './lines.ts';
import { isLogged } from './rounds.ts';
import type { Style } from './style.ts';

/** Which lines of rounds are printed at the end of a run. */
export interface RoundListOptions {
  /** The most lines. */
  readonly room: number;
  /** The rounds that have a line already, and the violation that it named. */
  readonly shown: ReadonlyMap<number, string | undefined>;
}

/**
 * A line for each round that has none yet, or one that does not name its violation. Where not all fit, those that violate
 * come first, then every tenth or so. A log has had its lines while the race went on: it gets only those that violate.
 */
export function roundListLines(report: Report, style: Style, { room, shown }: RoundListOptions): string[] {
  const byRound = findingsByRound(report.findings.filter(({ severity }) => severity === 'violation'));
  const firstOf = new Map(report.rounds.toReversed().map(({ inventory, number }) => [inventory, number]));
  const raced = report.rounds
    .filter(({ requests }) => requests > 0)
    .map((round, index) => ({ round, count: index + 1, violation: violationOf(report, byRound.get(round.number)) }));
  const open = raced.filter(({ round: { number }, violation }) => {
    if (violation === undefined) return style.wraps && !shown.has(number);
    return shown.get(number) === undefined || !shown.has(number);
  });
  const chosen = chosenOf(open, raced.length, room);
  const rest = open.length - chosen.length;
  return [
    ...chosen.map(({ round, violation }) => {
      const name = { label: report.label, inventoryNumber: firstOf.get(round.inventory) ?? round.number };
      return roundLine(round, name, style, violation);
    }),
    ...(rest > 0 && room > 0
      ? [style.faint(`${style.symbols.ellipsis} and ${plural(rest, 'more round', 'more rounds')}`)]
      : []),
  ];
}

function chosenOf<R extends { readonly violation: string | undefined; readonly count: number }>(
  open: readonly R[],
  raced: number,
  room: number,
): readonly R[] {
  if (open.length <= room) return open;
  const wrong = open.filter(({ violation }) => violation !== undefined);
  const right = open.filter(({ violation, count }) => violation === undefined && isLogged(count, raced));
  return [...wrong, ...right].slice(0, Math.max(0, room - 1));
}

/** What is wrong with a round, in a few words; undefined for one without a violation. */
function violationOf(report: Report, findings: readonly Finding[] = []): string | undefined {
  const [first] = findings;
  if (first === undefined) return undefined;
  const [sold] = oversoldIn({ ...report, findings });
  return sold === undefined ? violationText(first.id, report) : soldTimes(sold);
}

function violationText(id: FindingId, report: Report): string {
  const text = inWords(kindOf({ id }).title, wordsOf(report));
  return text.charAt(0).toLowerCase() + text.slice(1);
}
