import { SEAT } from './seat.ts';
import type { Step, SuitePlan } from './suite.ts';

/** The step that asks how a booking went on. Who asks is who booked. */
export function settlesStep(
  { request }: Pick<SuitePlan, 'request'>,
  { url, everyMs, withinMs }: { readonly url: string; readonly everyMs: number; readonly withinMs: number },
): Step {
  const { body: _, ...rest } = request;
  const headers = request.headers.filter(([name]) => !/^content-|idempot/i.test(name));
  return {
    request: { ...rest, method: 'GET', url, query: [], headers },
    race: { settles: SEAT, everyMs, withinMs },
    comment: 'asked again until it decides',
  };
}
