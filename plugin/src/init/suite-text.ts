import { Document, Scalar, visit, YAMLMap, YAMLSeq, type Node as YamlNode } from 'yaml';
import { isMapping } from '../../../model/json.ts';

/** A mapping in the order in which people write it; a third part is a comment on the same line. */
export class Block {
  readonly entries: readonly Entry[];
  constructor(entries: readonly Entry[]) {
    this.entries = entries;
  }
}

export type Entry = readonly [key: string, value: Node, comment?: string | undefined];

/** A value on one line, with a comment behind it. */
export class Flow {
  readonly value: unknown;
  readonly comment: string | undefined;
  constructor(value: unknown, comment?: string) {
    this.value = value;
    this.comment = comment;
  }
}

/** A list with a line for each entry, and a comment above them. */
export class List {
  readonly values: readonly unknown[];
  readonly comment: string;
  constructor(values: readonly unknown[], comment: string) {
    this.values = values;
    this.comment = comment;
  }
}

export type Node = unknown;

/** A mapping or a list that is at most this long stands on one line. */
const SHORT = 90;

/**
 * A document with comments.
 *
 * @param head the comment on top, a line each, without its `#`
 */
export function suiteText(head: readonly string[], root: Node): string {
  const doc = new Document();
  doc.contents = nodeOf(root) as YAMLMap;
  quoteStrings(doc);
  // Several lines of a quoted text would stand with an empty one between any two.
  const text = doc.toString({
    lineWidth: 0,
    flowCollectionPadding: true,
    minContentWidth: 0,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return `${head.map((line) => `#${line}\n`).join('')}${withoutPadding(text)}`;
}

/** `{ a: 1 }`, but `[a, b]`. */
const withoutPadding = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\[ | \]/g, (piece) => (/^[ [].?$/.test(piece) ? piece.trim() : piece));

function nodeOf(value: Node): YamlNode {
  if (value instanceof Block) {
    const map = new YAMLMap();
    for (const [key, inner, comment] of value.entries) {
      const node = nodeOf(inner);
      if (comment !== undefined) node.comment = ` ${comment}`;
      map.add({ key: new Scalar(key), value: node });
    }
    return map;
  }
  if (value instanceof Flow) {
    const node = plain(value.value, true);
    if (value.comment !== undefined) node.comment = ` ${value.comment}`;
    return node;
  }
  if (value instanceof List) {
    const list = new YAMLSeq();
    for (const inner of value.values) list.add(new Scalar(inner));
    list.commentBefore = ` ${value.comment}`;
    return list;
  }
  if (Array.isArray(value) && value.some((inner) => inner instanceof Block || inner instanceof Flow)) {
    const list = new YAMLSeq();
    for (const inner of value) list.add(nodeOf(inner));
    return list;
  }
  return plain(value, false);
}

function plain(value: unknown, isFlow: boolean): YamlNode {
  const fits =
    isFlow || (typeof value === 'object' && value !== null && isFlat(value) && JSON.stringify(value).length <= SHORT);
  if (Array.isArray(value)) {
    const list = new YAMLSeq();
    for (const inner of value) list.add(plain(inner, fits));
    list.flow = fits;
    return list;
  }
  if (isMapping(value)) {
    const map = new YAMLMap();
    for (const [key, inner] of Object.entries(value)) map.add({ key: new Scalar(key), value: plain(inner, fits) });
    map.flow = fits;
    return map;
  }
  return new Scalar(value);
}
const isFlat = (value: object): boolean =>
  Object.values(value).every(
    (inner) => typeof inner !== 'object' || inner === null || (Array.isArray(inner) && isFlat(inner)),
  );

/** Words that some reader of YAML takes for something else than text: `no`, a date, `1e3`, `0x10`, `12:30`. */
const SAFE = /^(?!(?:y|n|yes|no|on|off|true|false|null|nan|inf)$)[A-Za-z$/][\w$./-]*(?: [\w./-]+)*$/i;

function quoteStrings(doc: Document): void {
  visit(doc, {
    Scalar(_, node) {
      if (typeof node.value === 'string') node.type = SAFE.test(node.value) ? Scalar.PLAIN : quoteFor(node.value);
    },
  });
}

/** JSONPaths have quotes of their own, and patterns have backslashes. */
const quoteFor = (text: string) =>
  /["\\]/.test(text) && !/['\n\r\t\p{Cc}]/u.test(text) ? Scalar.QUOTE_SINGLE : Scalar.QUOTE_DOUBLE;

/** A text or a number on one line, as it stands in a suite. */
export const scalarText = (value: string | number, isJson: boolean): string =>
  typeof value === 'number' || isJson || !SAFE.test(value) ? JSON.stringify(value) : value;
