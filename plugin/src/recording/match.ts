import vm from 'node:vm';

/** A pattern looks at so many characters of a text. */
export const MAX_MATCHED = 262_144;

/** A target chooses the text, and a pattern may take longer the more there is of it: then nothing matches after so long. */
const LIMIT_MS = 100;
/** Looking at the clock costs 0.1 ms. A simple pattern is done with a short text by then. */
const SHORT = 4096;

/** The first match in a text, however often the pattern was used before. */
export function matchIn(pattern: RegExp, text: string): RegExpExecArray | null {
  pattern.lastIndex = 0;
  return isQuick(pattern, text) ? pattern.exec(text) : withinLimit<RegExpExecArray | null>(FIRST, pattern, text, null);
}

/** All matches in a text. @param pattern with the flag `g` */
export function matchesIn(pattern: RegExp, text: string): readonly RegExpExecArray[] {
  return isQuick(pattern, text) ? [...text.matchAll(pattern)] : withinLimit(ALL, pattern, text, []);
}

/** Where a group repeats, or two parts do, a pattern may take for ever on a short text: `(a+)+!` on forty letters. */
const isQuick = ({ source }: RegExp, { length }: string): boolean => {
  if (length > SHORT) return false;
  // Nothing repeats that is escaped or in brackets, and `(?` begins a group.
  const rest = source
    .replace(/\\./gs, 'x')
    .replace(/\[[^\]]*\]/g, 'x')
    .replaceAll('(?', '(');
  return !/\)[*+?{]/.test(rest) && rest.replace(/[^*+?{]/g, '').length < 2;
};

const FIRST = new vm.Script('pattern.exec(text)');
const ALL = new vm.Script('[...text.matchAll(pattern)]');
const scope: { pattern?: RegExp; text?: string } = {};
let context: vm.Context | undefined;

function withinLimit<T>(script: vm.Script, pattern: RegExp, text: string, otherwise: T): T {
  context ??= vm.createContext(scope);
  Object.assign(scope, { pattern, text: text.slice(0, MAX_MATCHED) });
  try {
    return script.runInContext(context, { timeout: LIMIT_MS }) as T;
  } catch {
    return otherwise;
  }
}
