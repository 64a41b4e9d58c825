import { styleText } from 'node:util';
import type { Verdict } from '../../model/index.ts';
import { printable } from '../untrusted.ts';

/** What an output can show. */
export interface Terminal {
  readonly colour: boolean;
  /** False: ASCII instead of symbols. */
  readonly unicode: boolean;
  /** Width of a line. */
  readonly columns: number;
  /** A screen, which breaks longer lines in the middle of a word; a log does not. False by default. */
  readonly wraps?: boolean;
}

type Paint = (text: string) => string;

interface Look {
  readonly paint: Paint;
  readonly symbol: string;
}

/** How text is drawn on a terminal. Without colour, the paints return the text unchanged. */
export interface Style {
  readonly columns: number;
  readonly wraps: boolean;
  readonly symbols: Symbols;
  readonly good: Paint;
  readonly bad: Paint;
  readonly unsure: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
  readonly accent: Paint;
  /** How a verdict looks: colour is never the only difference. */
  readonly verdict: (verdict: Verdict) => Look;
  /** Makes text printable and at most `maxLength` long, with the symbols that this terminal can show. */
  readonly text: (text: string, maxLength?: number) => string;
}

const UNICODE = {
  tick: '✓',
  cross: '✗',
  question: '?',
  arrow: '→',
  bullet: '•',
  ellipsis: '…',
  times: '×',
  dot: '·',
  dash: '–',
  rule: '━',
  rocket: '🚀',
  full: '█',
  empty: '░',
} as const;

type Symbols = Readonly<Record<keyof typeof UNICODE, string>>;

const ASCII: Symbols = {
  tick: '+',
  cross: 'x',
  question: '?',
  arrow: '->',
  bullet: '*',
  ellipsis: '...',
  times: 'x',
  dot: '|',
  dash: '-',
  rule: '=',
  rocket: '>',
  full: '#',
  empty: '.',
};

/** Nothing can be laid out in less, and wider prose is hard to read. */
const COLUMNS = { min: 40, max: 120 } as const;

/** The style for a terminal. */
export function makeStyle({ colour, unicode, columns, wraps = false }: Terminal): Style {
  const paint = (...format: Parameters<typeof styleText>[0][]): Paint =>
    colour ? (text) => styleText(format.flat(), text, { validateStream: false }) : (text) => text;
  const symbols = unicode ? UNICODE : ASCII;
  const [good, bad, unsure] = [paint('green'), paint('red'), paint('yellow')];
  const looks: Readonly<Record<Verdict, Look>> = {
    pass: { paint: good, symbol: symbols.tick },
    fail: { paint: bad, symbol: symbols.cross },
    inconclusive: { paint: unsure, symbol: symbols.question },
  };
  return {
    columns: Math.min(COLUMNS.max, Math.max(COLUMNS.min, Math.floor(columns) || COLUMNS.min)),
    wraps,
    symbols,
    good,
    bad,
    unsure,
    faint: paint('dim'),
    strong: paint('bold'),
    accent: paint('cyan'),
    verdict: (verdict) => looks[verdict],
    text: (text, maxLength) => (unicode ? printable(text, maxLength) : inAscii(printable(text, maxLength))),
  };
}

/** Replaces our symbols. The letters of a server stay as they are. */
function inAscii(text: string): string {
  return Object.entries(UNICODE).reduce(
    (plain, [name, symbol]) => plain.replaceAll(symbol, ASCII[name as keyof typeof UNICODE]),
    text,
  );
}
