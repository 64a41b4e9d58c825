import { InputError } from '../../../config/index.ts';
import { readNamedFile } from './named-file.ts';
import type { CurlWord } from './options.ts';

type Header = readonly [name: string, value: string];

/** The headers that curl would send, besides those that it adds by itself to every request. */
export function headersOf(words: readonly CurlWord[]): Header[] {
  const written = words.flatMap(({ option, value }): Header[] => {
    if (option === 'header') return linesOf(value).flatMap(headerIn);
    if (option === 'cookie') return cookieIn(value);
    return option === 'referer' ? [['referer', value.replace(/;auto$/, '')]] : [];
  });
  const isJson = words.some(({ option }) => option === 'json');
  const has = (name: string) => written.some(([other]) => other.toLowerCase() === name);
  const added: Header[] = isJson
    ? [
        ['content-type', 'application/json'],
        ['accept', 'application/json'],
      ]
    : [];
  return [...written.filter(([, value]) => value !== ''), ...added.filter(([name]) => !has(name))];
}

const linesOf = (value: string): string[] =>
  value.startsWith('@') ? readNamedFile(value.slice(1), `-H ${value}`).split(/\r?\n/) : [value];

/** `Name: value`. `Name:` takes away what curl would send, and `Name;` sends nothing in it. */
function headerIn(line: string): Header[] {
  if (/^\s*\{\{[^}]*\}\}\s*$/.test(line))
    throw new InputError('-H: only the shell knows the name of this header; write it as Name: $VALUE');
  const [, name, value = ''] = /^\s*([^:;\s]+)\s*:\s*(.*?)\s*$/s.exec(line) ?? [];
  return name === undefined ? [] : [[name, value]];
}

/** `-b 'sid=1'`, `-b cookies.txt`, or `-b ''`, which sends none and only keeps those of the answers. */
function cookieIn(value: string): Header[] {
  if (value === '') return [];
  return value.includes('=') ? [['cookie', value]] : cookieFile(value);
}

/** Netscape's format: tabs between seven fields, the name and the value last. */
function cookieFile(file: string): Header[] {
  const pairs = readNamedFile(file, `-b ${file}`)
    .split(/\r?\n/)
    .map((line) => line.replace(/^#HttpOnly_/, '').split('\t'))
    .flatMap((fields) => (fields.length >= 7 ? `${fields[5]}=${fields[6]}` : []));
  return pairs.length === 0 ? [] : [['cookie', pairs.join('; ')]];
}
