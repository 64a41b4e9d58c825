import type { Condition, ReadableAnswer } from '../../recording/index.ts';
import { MESSAGE_NAMES } from '../../recording/index.ts';
import { escaped, type Gaps } from './gaps.ts';
import { lastName, leavesOf } from './leaves.ts';
import { placeIn } from './location.ts';
import type { Where } from './order-id.ts';

/**
 * Where a refusal says why; undefined where it does not, and where the usual reading finds it (the first words of a text).
 *
 * @param condition how the refusal is known
 */
export function messageIn(answer: ReadableAnswer, condition: Condition, gaps: Gaps): Where | undefined {
  const place = placeIn(answer);
  if (place !== undefined) return placeMessage(place);
  if (answer.json !== undefined) return jsonMessage(answer.json, gaps);
  const text = answer.isPage || /^\s*</.test(answer.text) ? condition.text : undefined;
  // The whole element in which the telling words stand.
  return text === undefined || text.startsWith('/') ? undefined : { text: `/>([^<>]*${escaped(text)}[^<>]*)</` };
}

function placeMessage(place: string): Where | undefined {
  const name = /[?&#]((?:error|message|msg|reason|flash|notice|alert|status|result|code)[\w-]*)=[^&#]/i.exec(
    place,
  )?.[1];
  return name === undefined ? undefined : { header: 'location', match: `[?&#]${name}=([^&#]+)` };
}

function jsonMessage(json: unknown, gaps: Gaps): Where | undefined {
  const leaves = leavesOf(json, gaps).filter(({ value }) => typeof value === 'string' && value.trim().length > 1);
  const rank = (name: string) =>
    MESSAGE_NAMES.includes(name) ? MESSAGE_NAMES.indexOf(name) : Number.POSITIVE_INFINITY;
  const [best] = leaves
    .map((leaf) => ({ leaf, rank: rank(lastName(leaf)) }))
    .filter((one) => one.rank !== Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.rank - b.rank || a.leaf.names.length - b.leaf.names.length);
  // What is said as one word, a code, is better than nothing.
  const said = best?.leaf ?? leaves.find((leaf) => /^(?:code|error_?code|status|state|result)$/i.test(lastName(leaf)));
  return said?.path.replace(/\[\d+\]/g, '[*]');
}
