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

/** `$TOKEN` and `${TOKEN}`, also with what counts where it is not set: `${TOKEN:-x}`. */
const VARIABLE = /\$\{(?<braced>\w+)(?::?[-=?](?:[^{}]|\{[^{}]*\})*)?\}|\$(?<variable>[A-Za-z_]\w*)/.source;
/** What only a shell can work out: `$(command)`, a command in backticks, `${NAME%.txt}`. */
const OUTPUT = /\$\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|\$\{(?:[^{}]|\{[^{}]*\})*\}|`(?:[^`\\\n]|\\.)*`/.source;
const ORDINARY = /\$(?![({])|\\.|[^\\"$`]/.source;

/** The pieces of a command line; the first that matches counts. */
const PIECES = new RegExp(
  [
    /(?<goesOn>\\\n)|\\(?<literal>.)|\$'(?<ansi>(?:[^\\']|\\.)*)'|'(?<single>[^']*)'/.source,
    `\\$?"(?<double>(?:${OUTPUT}|${ORDINARY})*)"|${VARIABLE}|(?<output>${OUTPUT})`,
    /(?<comment>(?<=^|\s)#[^\n]*)|(?<end>&&|\|\||[;&|\n])|(?<redirect>\d?>>?(?:&\d)?|<)|(?<blank>[ \t\r]+)/.source,
    /(?<open>['"`]|\$[({])|(?<plain>.)/.source,
  ].join('|'),
  'gs',
);
const ESCAPED = /\\\n|\\(?<kept>[$`"\\])/.source;
/** What has a meaning in double quotes. */
const QUOTED = new RegExp(`${ESCAPED}|${VARIABLE}|(?<output>${OUTPUT})`, 'gs');

/**
 * The words of each command in a text, in order.
 *
 * @throws InputError if a quote, or what the shell works out, is not closed
 */
export function bashCommands(text: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const variableFor = variables();
  const endWord = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (const { groups = {} } of text.replace(/\r\n/g, '\n').matchAll(PIECES)) {
    if (groups.open !== undefined) {
      const open = groups.open.startsWith('$') ? groups.open : `a quote (${groups.open})`;
      throw new InputError(`the cURL command breaks off: ${open} is not closed`);
    }
    if (groups.goesOn !== undefined) continue;
    if (groups.blank !== undefined || groups.comment !== undefined) endWord();
    else if (groups.end !== undefined) {
      endWord();
      commands.push([]);
    } else if (groups.redirect !== undefined) {
      endWord();
      // The file that follows is no word of the command: it starts one that nobody reads.
      commands.push([]);
    } else word = (word ?? '') + textOf(groups, variableFor);
  }
  endWord();
  return commands.filter((words) => words.length > 0);
}

type Groups = Readonly<Record<string, string | undefined>>;
/** The template for a variable, or for what the shell works out; undefined for anything else. */
type VariableFor = (groups: Groups) => string | undefined;

/** What the shell works out has no name, so it gets one; the same text gets the same. */
function variables(): VariableFor {
  const names = new Map<string, string>();
  const nameOf = (output: string): string => {
    const name = names.get(output) ?? (names.size === 0 ? 'FROM_SHELL' : `FROM_SHELL_${names.size + 1}`);
    names.set(output, name);
    return name;
  };
  return ({ braced, variable, output }) => {
    const name = braced ?? variable ?? (output === undefined ? undefined : nameOf(output));
    return name === undefined ? undefined : environmentTemplate(name);
  };
}

function textOf(groups: Groups, variableFor: VariableFor): string {
  const { literal, ansi, single, double, plain } = groups;
  if (ansi !== undefined) return unescapedAnsi(ansi);
  if (double !== undefined) return unescapedDouble(double, variableFor);
  return variableFor(groups) ?? single ?? literal ?? plain ?? '';
}

const unescapedDouble = (text: string, variableFor: VariableFor): string =>
  text.replace(QUOTED, (...found) => {
    const groups = found.at(-1) as Groups;
    return variableFor(groups) ?? groups.kept ?? '';
  });

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
