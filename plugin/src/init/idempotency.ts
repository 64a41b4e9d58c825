import { type Draft, type Leaf, mapLeaves } from './draft.ts';
import { SEAT } from './seat.ts';

const NAME = /idempot|idem[-_]?key|^(?:x-|paypal-|client[-_])?request[-_]?(?:id|uuid|guid)$|^x-correlation-id$/i;

const isKey = ({ in: place, name, value }: Leaf): boolean =>
  (place === 'header' || place === 'json' || place === 'form' || place === 'multipart' || place === 'query') &&
  NAME.test(name) &&
  typeof value === 'string' &&
  value !== '';

/**
 * The request with a key of its own for each virtual user in place of the captured one: with one key for all of them a server
 * would take them for one request.
 *
 * @param seats how many seats a virtual user goes for; Artillery's `$uuid` stays the same for all of them
 */
export function withOwnKeys(draft: Draft, seats: number): Draft {
  const key = seats > 1 ? `{{ $uuid }}-${SEAT}` : '{{ $uuid }}';
  return mapLeaves(draft, (leaf) => (isKey(leaf) ? key : leaf.value));
}
