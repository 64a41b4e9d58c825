import stringWidth from 'string-width';
import { maxOf, plural } from '../../model/index.ts';
import type { Change, ComparedFigure, Comparison } from '../compare.ts';
import { formatInstant } from '../units.ts';
import { padEnd, padStart, paragraph } from './layout.ts';
import type { Style } from './style.ts';

const INDENT = '  ';
/** Columns between two figures. */
const GAP = 2;

/**
 * Several runs side by side: their names, their figures in columns, and what got better or worse than in the first.
 *
 * @returns lines joined by line feeds, without one at the end. Many runs make it wider than the style's columns
 */
export function renderComparison(comparison: Comparison, style: Style): string {
  const { runs, figures, findings, caveats } = comparison;
  const blocks = [
    runs.map(
      ({ name, file }, index) =>
        `${INDENT}${letter(index)}  ${style.text(name)}, ${style.text(formatInstant(file.startedAt))}`,
    ),
    caveats.flatMap((caveat) => paragraph(caveat, style.columns, { first: `${INDENT}! ` }).map(style.unsure)),
    tableLines(figures, runs.length, style),
    findings.length === 0 ? [] : [`${INDENT}${style.strong('Findings')}`, ...tableLines(findings, runs.length, style)],
    conclusionLines(comparison, style),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
}

const letter = (index: number) => String.fromCharCode(65 + (index % 26));

function tableLines(figures: readonly ComparedFigure[], runs: number, style: Style): string[] {
  const nameWidth = maxOf(figures.map(({ name }) => name.length)) + GAP;
  const valueWidth = maxOf(figures.flatMap(({ values }) => values.map((value) => stringWidth(value)))) + GAP;
  const markWidth = maxOf(CHANGES.map((change) => symbolOf(change, style).length)) + 1;
  const heads = Array.from(
    { length: runs },
    (_, index) => padStart(letter(index), valueWidth) + ' '.repeat(index === 0 ? 0 : markWidth),
  );
  return [
    style.faint(`${INDENT}${' '.repeat(nameWidth)}${heads.join('')}`.trimEnd()),
    ...figures.map(({ name, values, changes }) => {
      const cells = values.map((value, index) => {
        const change = changes[index - 1];
        const text = padStart(style.text(value), valueWidth);
        if (index === 0 || change === undefined) return text;
        return paintOf(change, style)(`${text} ${padEnd(symbolOf(change, style), markWidth - 1)}`);
      });
      return `${INDENT}${padEnd(name, nameWidth)}${cells.join('')}`.trimEnd();
    }),
  ];
}

const CHANGES = ['better', 'worse', 'same', 'other'] as const satisfies readonly Change[];

function symbolOf(change: Change, { symbols }: Style): string {
  return { better: `${symbols.tick} better`, worse: `${symbols.cross} worse`, same: '', other: '' }[change];
}

function paintOf(change: Change, style: Style): (text: string) => string {
  return { better: style.good, worse: style.bad, same: style.faint, other: (text: string) => text }[change];
}

/** A sentence for every run but the first: `B against A: better: p50; worse: p95.` */
function conclusionLines({ runs, figures, findings }: Comparison, style: Style): string[] {
  return runs.slice(1).flatMap((_, index) => {
    const named = (change: Change) =>
      [...figures, ...findings].filter(({ changes }) => changes[index] === change).map(({ name }) => name);
    const [better, worse] = [named('better'), named('worse')];
    const parts = [
      ...(better.length > 0 ? [`better: ${better.join(', ')}`] : []),
      ...(worse.length > 0 ? [`worse: ${worse.join(', ')}`] : []),
    ];
    const result = parts.join('; ') || `nothing got better or worse in ${plural(figures.length, 'figure')}`;
    return paragraph(`${letter(index + 1)} against A: ${result}.`, style.columns, { first: INDENT });
  });
}
