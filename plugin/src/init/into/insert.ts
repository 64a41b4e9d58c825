import { isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

/** A text to put into another. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** How a file is written. */
export interface Manner {
  readonly text: string;
  readonly lineEnd: string;
  /** How much deeper each level stands. */
  readonly step: string;
  /** JSON: keys have quotes. */
  readonly isJson: boolean;
}

/** A key with its value, as lines for a block and as text for one in braces. */
export interface Addition {
  readonly key: string;
  /** The value on one line. */
  readonly flow: string;
  /** The value below its key, a line each, where that is clearer; indented by steps. */
  readonly block?: readonly string[];
}

export function mannerOf(text: string, file: string): Manner {
  const [, step = '  '] = /^config:[^\n]*\n(?:\s*#[^\n]*\n|\s*\n)*( +)\S/m.exec(text) ?? [];
  return {
    text,
    lineEnd: /\r\n/.test(text) ? '\r\n' : '\n',
    step: step.length > 8 ? '  ' : step,
    isJson: /\.json$/i.test(file),
  };
}

/** Adds a key at the end of a mapping. */
export function insertInto(map: YAMLMap, addition: Addition, manner: Manner): Insertion {
  const last = map.items.at(-1);
  if (map.flow === true || last === undefined) return intoBraces(map, last, addition, manner);
  const first = map.items[0];
  const indent = ' '.repeat(columnOf(keyOf(first), manner.text));
  return lines(endOf(last), indent, addition, manner);
}

/** Adds a key below one that has no value yet. */
export function insertBelow(pair: Pair, addition: Addition, manner: Manner): Insertion {
  const key = keyOf(pair);
  const indent = ' '.repeat(columnOf(key, manner.text)) + manner.step;
  return lines(endOf(pair), indent, addition, manner);
}

function intoBraces(map: YAMLMap, last: Pair | undefined, { key, flow }: Addition, { isJson }: Manner): Insertion {
  const entry = `${isJson ? JSON.stringify(key) : key}: ${flow}`;
  if (last === undefined) return { at: (map.range?.[0] ?? 0) + 1, text: isJson ? entry : ` ${entry} ` };
  return { at: endOf(last), text: `, ${entry}` };
}

/** Whole lines behind the line in which something ends. */
function lines(
  end: number,
  indent: string,
  { key, flow, block }: Addition,
  { text, lineEnd, step }: Manner,
): Insertion {
  const all = block === undefined ? [`${key}: ${flow}`] : [`${key}:`, ...block.map((line) => `${step}${line}`)];
  const added = all.map((line) => `${indent}${line}`).join(lineEnd);
  const isLineStart = end > 0 && text[end - 1] === '\n';
  const next = isLineStart ? end : text.indexOf('\n', end) + 1;
  if (next === 0) return { at: text.length, text: `${lineEnd}${added}` };
  return { at: next, text: `${added}${lineEnd}` };
}

const keyOf = (pair: Pair | undefined): Node => pair?.key as Node;

/** Where a pair ends, without the comment behind it. */
function endOf({ key, value }: Pair): number {
  const node = value as Node | null;
  if (node === null || (isScalar(node) && node.value === null && node.range?.[0] === node.range?.[1])) {
    return (key as Node).range?.[1] ?? 0;
  }
  return endOfNode(node);
}

function endOfNode(node: Node): number {
  const last = (isMap(node) || isSeq(node)) && node.flow !== true ? node.items.at(-1) : undefined;
  if (last === undefined) return node.range?.[1] ?? 0;
  return isPair(last) ? endOf(last) : endOfNode(last as Node);
}

const columnOf = (node: Node, text: string): number => {
  const start = node.range?.[0] ?? 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
};
