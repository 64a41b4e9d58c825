import vm from 'node:vm';

/** A pattern looks at so many characters of a text. */
export const MAX_MATCHED = 262_144;

/** A target chooses the text, and a pattern may take the square of its length: then nothing matches after so long. */
const LIMIT_MS = 100;
/** Looking at the clock costs 0.1 ms. A short text is done by then. */
const SHORT = 4096;

/** The first match in a text, however often the pattern was used before. */
export function matchIn(pattern: RegExp, text: string): RegExpExecArray | null {
  pattern.lastIndex = 0;
  return text.length <= SHORT ? pattern.exec(text) : withinLimit<RegExpExecArray | null>(FIRST, pattern, text, null);
}

/** All matches in a text. @param pattern with the flag `g` */
export function matchesIn(pattern: RegExp, text: string): readonly RegExpExecArray[] {
  return text.length <= SHORT ? [...text.matchAll(pattern)] : withinLimit(ALL, pattern, text, []);
}

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
