import { parseJson } from '../../../../../model/json.ts';
import type { CapturedBody, Field } from '../../capture.ts';
import { readNamedFile } from './named-file.ts';
import type { CurlWord } from './options.ts';

/** The options that make a body. */
export const DATA = ['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json'];

/** Several pieces of data as curl puts them together. */
export const dataOf = (words: readonly CurlWord[]): string =>
  words.reduce((whole, word, index) => {
    const separator = index === 0 || word.option === 'json' ? '' : '&';
    return `${whole}${separator}${pieceOf(word)}`;
  }, '');

function pieceOf({ option, value }: CurlWord): string {
  if (option === 'data-urlencode') return encodedPiece(value);
  if (option === 'data-raw' || !value.startsWith('@')) return value;
  const text = readNamedFile(value.slice(1), `--${option} ${value}`);
  return option === 'data' || option === 'data-ascii' ? text.replace(/[\r\n]/g, '') : text;
}

/** `content`, `=content`, `name=content`, `@file` or `name@file`; the name is encoded already. */
function encodedPiece(value: string): string {
  const [, name = '', sign, rest = ''] = /^([^=@]*)([=@])(.*)$/s.exec(value) ?? [];
  if (sign === undefined) return encodeURIComponent(value);
  const text = sign === '@' ? readNamedFile(rest, `--data-urlencode ${value}`) : rest;
  return `${name === '' ? '' : `${name}=`}${encodeURIComponent(text)}`;
}

type Headers = readonly (readonly [name: string, value: string])[];

/** What a server would read in the data: curl itself calls everything a form. */
export function bodyOf(words: readonly CurlWord[], headers: Headers): CapturedBody {
  const text = dataOf(words);
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const value = /json/i.test(type ?? 'json') ? parseJson(text) : undefined;
  if (typeof value === 'object' && value !== null) return { kind: 'json', value, text };
  if (/urlencoded/i.test(type ?? 'urlencoded')) return { kind: 'form', fields: [...new URLSearchParams(text)] };
  const boundary = /^multipart\/form-data.*boundary="?([^";]+)/i.exec(type ?? '')?.[1];
  if (boundary !== undefined) return { kind: 'multipart', ...partsIn(text, boundary) };
  return { kind: 'text', text, ...(type !== undefined && { type }) };
}

/** The fields of a `multipart/form-data` body that a browser wrote out. */
function partsIn(text: string, boundary: string): { readonly fields: Field[]; readonly files: string[] } {
  const fields: Field[] = [];
  const files: string[] = [];
  for (const part of text.split(`--${boundary}`)) {
    const [, head = '', value = ''] = /^\r?\n(.*?)\r?\n\r?\n(.*?)\r?\n$/s.exec(part) ?? [];
    const name = /\bname="([^"]*)"/.exec(head)?.[1];
    if (name === undefined) continue;
    if (/\bfilename\*?=/.test(head)) files.push(name);
    else fields.push([name, value]);
  }
  return { fields, files };
}

/** `-F name=value`, with `;type=…` behind it, `-F name=<file`, or `-F name=@file`, which no suite can send. */
export function multipartOf(words: readonly CurlWord[]): CapturedBody {
  const fields: Field[] = [];
  const files: string[] = [];
  for (const { option, value } of words) {
    const [, name = '', content = ''] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
    if (option === 'form-string') fields.push([name, content]);
    else if (content.startsWith('@')) files.push(name);
    else if (content.startsWith('<')) fields.push([name, readNamedFile(content.slice(1), `-F ${name}=<…`)]);
    else
      fields.push([name, content.replace(/;(?:type|filename|headers|encoder)=[^;]*/g, '').replace(/^"(.*)"$/s, '$1')]);
  }
  return { kind: 'multipart', fields, ...(files.length > 0 && { files }) };
}
