import {
  compareAmounts,
  type Finding,
  kindOf,
  type RoundSummary,
  ruleOf,
  subjectIdOf,
  type Words,
  wordsIn,
  wordsOf,
} from '../model/index.ts';
import { findingsByRound } from './findings-by-round.ts';
import { inventoryCount } from './names.ts';
import type { Report } from './report.ts';
import type { Book } from './sums.ts';

/**
 * What became of something that is sold, and whether that is right. `sold out` and `sold in part`: it has several units. `not
 * stored`: promised, but not stored. `not told`: stored, but not promised. `not known`: an answer is missing, and the server
 * was not asked. Where nothing is sold, such as under the rule `exclusive`, the findings alone say what became of it.
 */
export const SALE_TONES = {
  'sold once': 'good',
  'sold out': 'good',
  'sold in part': 'plain',
  'as it should be': 'good',
  oversold: 'bad',
  'not stored': 'bad',
  wrong: 'bad',
  'not told': 'unsure',
  'in doubt': 'unsure',
  'not known': 'unsure',
  unsold: 'unsure',
  'not raced': 'unsure',
} as const satisfies Record<string, 'plain' | 'good' | 'bad' | 'unsure'>;

export type SaleKind = keyof typeof SALE_TONES;

/** What was raced for, counted by what became of it. */
export interface Sales {
  readonly raced: number;
  /** What is counted: `seats`; `visits` where rounds repeat. */
  readonly unit: Words;
  /** Only kinds that came, the right ones first. */
  readonly counts: readonly { readonly kind: SaleKind; readonly count: number }[];
}

/** Counts what became of each inventory, or of each visit to it where rounds repeat. Pure. */
export function salesOf(report: Report): Sales {
  const { rounds, findings, books } = report;
  const subjects = Map.groupBy(rounds, ({ inventory, visit }) => subjectIdOf({ inventory: { key: inventory }, visit }));
  const byRound = findingsByRound(findings);
  const kinds = [...subjects].map(([id, visits]) => {
    const concerned = visits.flatMap(({ number }) => byRound.get(number) ?? []);
    return kindOfSale(report, visits, books.get(id), concerned);
  });
  const counts = Map.groupBy(kinds, (kind) => kind);
  return {
    raced: kinds.length - (counts.get('not raced')?.length ?? 0),
    unit: subjects.size === inventoryCount(report) ? wordsOf(report) : wordsIn('visit'),
    counts: (Object.keys(SALE_TONES) as SaleKind[]).flatMap((kind) => {
      const count = counts.get(kind)?.length ?? 0;
      return count === 0 ? [] : [{ kind, count }];
    }),
  };
}

function kindOfSale(
  { rule, vus }: Report,
  visits: readonly RoundSummary[],
  book: Book | undefined,
  findings: readonly Finding[],
): SaleKind {
  const { successes, isUnlimited, isDecimal } = ruleOf({ rule });
  if (book === undefined || visits.every(({ requests }) => requests === 0)) return 'not raced';
  if (findings.some((finding) => kindOf(finding).isOversold)) return 'oversold';
  if (isUnlimited || isDecimal || successes === 'same operation') return kindByFindings(findings);
  const provesNothing = successes === 'prove nothing';
  const { stored } = book;
  const promised = provesNothing ? (stored ?? 0) : book.promised;
  const sold = stored ?? promised;
  const capacity = Math.max(...visits.map((visit) => visit.capacity));
  if (compareAmounts(promised, capacity) > 0 || compareAmounts(sold, capacity) > 0) return 'oversold';
  if (compareAmounts(sold, promised) < 0) return 'not stored';
  if (compareAmounts(sold, promised) > 0) return 'not told';
  // Somebody who got no clear answer may have it as well.
  const isOpen = stored === undefined && (provesNothing || visits.some(({ info }) => info > 0));
  if (isOpen) return 'not known';
  if (compareAmounts(sold, 0) === 0) return 'unsold';
  if (capacity === 1) return 'sold once';
  return compareAmounts(sold, Math.min(capacity, vus)) < 0 ? 'sold in part' : 'sold out';
}

function kindByFindings(findings: readonly Finding[]): SaleKind {
  if (findings.some(({ severity }) => severity === 'violation')) return 'wrong';
  return findings.length > 0 ? 'in doubt' : 'as it should be';
}
