/** A text with some of its escapes undone, and where each of its characters came from. */
export interface Layer {
  readonly text: string;
  /** The index in the original text at which character i begins; one entry more for the end. */
  readonly origin: (index: number) => number;
}

/** A target may escape the same text again and again; nobody escapes more often than this by accident. */
const MAX_LAYERS = 5;

/**
 * A text as it is, and with its escapes undone, once, twice and so on: those of URLs, of JSON, and of HTML. However a
 * server writes a secret, one of the layers holds it as it was sent.
 */
export function layersOf(text: string): Layer[] {
  const layers: Layer[] = [{ text, origin: (index) => index }];
  for (let last = layers[0]; last !== undefined && layers.length < MAX_LAYERS; ) {
    const next = unescaped(last);
    if (next !== undefined) layers.push(next);
    last = next;
  }
  return layers;
}

const ESCAPE =
  /(?:%[0-9a-f]{2})+|\\u\{?[0-9a-f]{1,6}\}?|\\x[0-9a-f]{2}|\\[\\/"'`bfnrt]|&#\d{1,7};?|&#x[0-9a-f]{1,6};?|&[a-z]{2,8};/gi;

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  sol: '/',
  plus: '+',
  equals: '=',
  colon: ':',
  commat: '@',
  lowbar: '_',
  period: '.',
  nbsp: ' ',
};
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** @returns undefined where nothing is escaped */
function unescaped({ text, origin }: Layer): Layer | undefined {
  if (!/[%\\&]/.test(text)) return undefined;
  let result = '';
  const starts: number[] = [];
  const keep = (from: number, to: number) => {
    for (let index = from; index < to; index++) starts.push(index);
    result += text.slice(from, to);
  };
  let end = 0;
  for (const { 0: written, index } of text.matchAll(ESCAPE)) {
    keep(end, index);
    let at = index;
    for (const character of meaningOf(written)) {
      for (let unit = 0; unit < character.length; unit++) starts.push(at);
      result += character;
      // Of a sequence such as %61%62, each character has a place of its own.
      if (written.startsWith('%')) at += 3 * Buffer.byteLength(character);
    }
    end = index + written.length;
  }
  keep(end, text.length);
  return result === text ? undefined : { text: result, origin: (index) => origin(starts[index] ?? text.length) };
}

function meaningOf(written: string): string {
  if (written.startsWith('%')) return inUtf8(Buffer.from(written.replaceAll('%', ''), 'hex'));
  if (written.startsWith('&#'))
    return character(/x/i.test(written) ? hexIn(written) : Number(/\d+/.exec(written)?.[0]), written);
  if (written.startsWith('&')) return NAMED[written.slice(1, -1).toLowerCase()] ?? written;
  if (/^\\[ux]/i.test(written) && written.length > 2) return character(hexIn(written.slice(2)), written);
  return CONTROLS[written.slice(1)] ?? written.slice(1);
}

/** The text of the bytes; where they are no UTF-8, only those of ASCII have a meaning. */
function inUtf8(bytes: Buffer): string {
  const text = bytes.toString();
  return Buffer.byteLength(text) === bytes.length && !text.includes('\ufffd') ? text : bytes.toString('ascii');
}

const hexIn = (text: string): number => Number.parseInt(/[0-9a-f]+/i.exec(text.replace(/^&#x/i, ''))?.[0] ?? '', 16);

const character = (code: number, written: string): string =>
  code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : written;
