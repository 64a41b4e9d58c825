import { makeStyle, type Style } from '../../../reports/index.ts';

const MAX_COLUMNS = 120;

/** How to print on this process's stdout: in colour on a terminal, plain in a pipe or with NO_COLOR. */
export function styleOf(env: NodeJS.ProcessEnv): Style {
  const { stdout } = process;
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  return makeStyle({
    colour: !env.NO_COLOR && (forced || (stdout.isTTY === true && env.TERM !== 'dumb')),
    unicode: env.TERM !== 'linux' && env.TERM !== 'dumb' && env.ORDER_ASCII === undefined && isUtf8(env),
    columns: Math.min(MAX_COLUMNS, stdout.columns ?? 80),
    wraps: stdout.isTTY === true,
  });
}

/** A missing locale counts as UTF-8: CI servers often set no locale, and their logs are UTF-8. */
function isUtf8({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG;
  return !locale || /utf-?8/i.test(locale);
}
