import { isMapping } from '../../../model/json.ts';

/** Requests that change something. */
const CHANGES = ['post', 'put', 'patch', 'delete'];

/**
 * A sentence for the user if the section `after` may free what was booked: Artillery runs it before it tells plugins that the run is
 * over, so the read-back asks only then. Undefined if it changes nothing.
 */
export function noticeOfAfter(after: unknown): string | undefined {
  const flow = isMapping(after) && Array.isArray(after.flow) ? after.flow : [];
  const changes = flow.some((step) => isMapping(step) && CHANGES.some((verb) => Object.hasOwn(step, verb)));
  if (!changes) return undefined;
  return 'Artillery runs the section "after" before the read-back asks what is stored: what it frees counts as a lost booking. Free it in "before", so that the next run does';
}
