import { InputError } from '../../../config/index.ts';
import { environmentTemplate } from '../../variables.ts';

/*
 * Words of a command as bash reads them. No library does it: shell-quote and string-argv do not know $'…', and shlex knows no
 * variables. A variable of the shell becomes one of the suite, because nobody knows its value here.
 */

/** Everything that may stand in `$'…'` after a backslash. */
const ANSI_ESCAPE =
  /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|c(.)|([abeEfnrtv\\'"?]))/gs;
const ANSI_LETTERS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The pieces of a command line; the first that matches counts. */
const PIECES =
  /(?<goesOn>\\\n)|\\(?<literal>.)|\$'(?<ansi>(?:[^\\']|\\.)*)'|'(?<single>[^']*)'|\$?"(?<double>(?:[^\\"]|\\.)*)"|\$\{(?<braced>\w+)\}|\$(?<variable>[A-Za-z_]\w*)|(?<comment>(?<=^|\s)#[^\n]*)|(?<end>&&|\|\||[;&|\n])|(?<redirect>\d?>>?(?:&\d)?|<)|(?<blank>[ \t\r]+)|(?<open>['"])|(?<plain>.)/gs;

/**
 * The words of each command in a text, in order.
 *
 * @throws InputError if a quote is not closed
 */
export function bashCommands(text: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (const { groups = {} } of text.replace(/\r\n/g, '\n').matchAll(PIECES)) {
    if (groups.open !== undefined)
      throw new InputError(`the cURL command breaks off: a quote (${groups.open}) is not closed`);
    if (groups.goesOn !== undefined) continue;
    if (groups.blank !== undefined || groups.comment !== undefined) endWord();
    else if (groups.end !== undefined) {
      endWord();
      commands.push([]);
    } else if (groups.redirect !== undefined) {
      endWord();
      // The file that follows is no word of the command: it starts one that nobody reads.
      commands.push([]);
    } else word = (word ?? '') + textOf(groups);
  }
  endWord();
  return commands.filter((words) => words.length > 0);
}

function textOf({
  literal,
  ansi,
  single,
  double,
  braced,
  variable,
  plain,
}: Record<string, string | undefined>): string {
  const name = braced ?? variable;
  if (name !== undefined) return environmentTemplate(name);
  if (ansi !== undefined) return unescapedAnsi(ansi);
  if (double !== undefined) return unescapedDouble(double);
  return single ?? literal ?? plain ?? '';
}

const unescapedDouble = (text: string): string =>
  text.replace(/\\\n|\\([$`"\\])|\$\{(\w+)\}|\$([A-Za-z_]\w*)/g, (_, kept, braced, variable) =>
    kept === undefined ? ((braced ?? variable) === undefined ? '' : environmentTemplate(braced ?? variable)) : kept,
  );

/** `\x` and octal escapes are bytes to bash; a browser means a character by them, unless they make up UTF-8. */
function unescapedAnsi(text: string): string {
  const isUtf8 = /(?:\\x[89a-fA-F][0-9a-fA-F]|\\[23][0-7]{2}){2}/.test(text);
  const plain = text.replace(ANSI_ESCAPE, (_, hex, short, long, octal, control, letter) => {
    const code = hex ?? short ?? long;
    if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 31);
    return ANSI_LETTERS[letter] ?? letter;
  });
  if (!isUtf8) return plain;
  return plain.replace(/[\x80-\xff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString());
}
