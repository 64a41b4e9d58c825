import type { RecordedRequest } from '../model/index.ts';

/** A request as a command for bash. */
export interface CurlCommand {
  /** One line, which runs as it stands. */
  readonly command: string;
  /** The variables that hold the secrets, in the order in which the command names them. */
  readonly variables: readonly string[];
  /** What else must be there before it runs; empty if nothing. */
  readonly note: string;
}

/** Where the body is read from that the history does not hold. */
const BODY_FILE = 'body.bin';

/**
 * Sends a recorded request once more. Each secret is a variable, named after what it belongs to: `"$PASSWORD"`. Texts from
 * outside are quoted, so bash takes them as they are.
 */
export function curlOf(request: RecordedRequest): CurlCommand {
  const names = createNames();
  const { method, url, headers, body, bodyBytes, isBinary } = request;
  const has = (wanted: string) => headers.some(([name]) => name === wanted);
  const words = [
    'curl -sS',
    ...(request.isTlsUnchecked ? ['-k'] : []),
    ...(/[[\]{}]/.test(url) ? ['-g'] : []),
    ...(url.includes('/.') ? ['--path-as-is'] : []),
    method === 'HEAD' ? '-I' : `-X ${quoted(method, names)}`,
    quoted(url, names),
    ...headers.map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`, names)}`),
    // What curl would add by itself.
    ...['user-agent', 'accept', ...(body === undefined && bodyBytes === undefined ? [] : ['content-type'])]
      .filter((name) => !has(name))
      .map((name) => `-H '${name}:'`),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body, names)}`]),
    ...(bodyBytes === undefined ? [] : [`--data-binary @${BODY_FILE}`]),
  ];
  const kind = isBinary ? 'a binary body' : 'a long body';
  return {
    command: words.join(' '),
    variables: names.given,
    note:
      bodyBytes === undefined
        ? ''
        : `It had ${kind} of ${bodyBytes} bytes, which the history does not hold: put it into ${BODY_FILE}.`,
  };
}

const BLOT = /\*\*\*/g;

/** Text as words of bash: what is secret comes from variables, and everything else stays as it is. */
function quoted(text: string, names: Names): string {
  let word = '';
  let at = 0;
  for (const { index } of text.matchAll(BLOT)) {
    word += `${literal(text.slice(at, index))}"$${names.after(text.slice(0, index))}"`;
    at = index + 3;
  }
  const rest = text.slice(at);
  return rest === '' && word !== '' ? word : word + literal(rest, word === '');
}

/** @param mayBeEmpty whether an empty text needs quotes, because it is a word of its own */
function literal(text: string, mayBeEmpty = false): string {
  if (text === '' && !mayBeEmpty) return '';
  if (mayBeEmpty && /^[\w@%+=:,./-]+$/.test(text)) return text;
  if (!UNPRINTABLE.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text.replace(/['\\]/g, '\\$&').replace(new RegExp(UNPRINTABLE, 'gu'), bytesOf);
  return `$'${escaped}'`;
}

/** What does not show, or turns text around, or breaks the line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/u;

const bytesOf = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

interface Names {
  /** All names so far. */
  readonly given: readonly string[];
  /** A name for the secret that comes after this text. */
  after(text: string): string;
}

/** Names that mean something to bash or to programs. */
const TAKEN =
  /^(?:_|PATH|HOME|USER|PWD|OLDPWD|SHELL|IFS|PS\d|ENV|LANG|LC_.*|LD_.*|TERM|RANDOM|SECONDS|E?UID|PPID|GROUPS|OPT.*|BASH.*|HIST.*|HOST.*|.*_PROXY|CURL_.*|COLUMNS|LINES|LINENO|FUNCNAME|DIRSTACK|PIPESTATUS|REPLY|SHLVL|SHELLOPTS|TMPDIR)$/;

function createNames(): Names {
  const given: string[] = [];
  return {
    given,
    after(text) {
      const usual = nameFor(text);
      let name = usual;
      for (let count = 2; given.includes(name); count++) name = `${usual}_${count}`;
      given.push(name);
      return name;
    },
  };
}

/** `authorization: Bearer ` → TOKEN, `"password":"` → PASSWORD, `?api_key=` → API_KEY; otherwise SECRET. */
function nameFor(before: string): string {
  const near = before.slice(-200);
  if (/^authorization: *Bearer $/i.test(near)) return 'TOKEN';
  const field = near.match(/([A-Za-z_][\w.-]*)\\?["']?\]?\s*[:=]\s*\\?["']?(?:[A-Za-z]+ )?$/)?.[1] ?? 'SECRET';
  const name = field
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .toUpperCase()
    .slice(0, 40);
  return TAKEN.test(name) ? `${name}_VALUE` : name;
}
