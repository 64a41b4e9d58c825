import { createHash } from 'node:crypto';

/** A longer id is recorded by its beginning and its digest. */
const MAX_LENGTH = 200;
const BEGINNING = 100;

/** The id of an order as the history keeps it: two ids that differ stay different, however long they are. */
export function recordedOrderId(id: string): string {
  if (id.length <= MAX_LENGTH) return id;
  return `${id.slice(0, BEGINNING)}…#${createHash('sha256').update(id).digest('hex')}`;
}
