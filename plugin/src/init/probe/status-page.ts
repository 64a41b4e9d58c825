import type { WireReply } from '../../recording/index.ts';
import { readable, type StatusPage } from './evidence.ts';
import { createGaps } from './gaps.ts';
import { lastName, leavesOf } from './leaves.ts';
import { PENDING_STATE, STATE_NAME } from './names.ts';

const HEADERS = ['location', 'operation-location', 'azure-asyncoperation', 'content-location'];
const LINK_NAME = /(?:url|uri|href|link|self|location|status|poll|track|check|result)$/i;

/** Where an answer 202 says how it goes on. */
export function statusPageIn(reply: WireReply): StatusPage | undefined {
  const answer = readable(reply);
  if (answer === undefined || answer.status !== 202) return undefined;
  const header = HEADERS.find((name) => answer.header(name).length > 0);
  if (header !== undefined) return { capture: { header, as: 'statusPage' }, url: '{{ statusPage }}' };
  const link = leavesOf(answer.json, createGaps([])).find(
    (leaf) => /^(?:https?:\/)?\/[^\s]+$/.test(String(leaf.value)) && leaf.names.some((name) => LINK_NAME.test(name)),
  );
  return link && { capture: { json: link.path, as: 'statusPage' }, url: '{{ statusPage }}' };
}

/** Whether a status page says more than "later". */
export function isDecided(reply: WireReply): boolean {
  const answer = readable(reply);
  if (answer === undefined || answer.status === 202 || answer.status === 404 || answer.status >= 500) return false;
  const leaves = leavesOf(answer.json, createGaps([]));
  const states = leaves.filter((leaf) => STATE_NAME.test(lastName(leaf)) && typeof leaf.value === 'string');
  const isOpen = leaves.some(
    (leaf) => /^(?:is_?)?(?:done|completed?|finished|ready)$/i.test(lastName(leaf)) && leaf.value === false,
  );
  return (
    !isOpen &&
    !states.some(({ value }) => PENDING_STATE.test(String(value))) &&
    !/pending|in progress/i.test(answer.isPage ? answer.text : '')
  );
}
