import { headersOfPage } from './headers.ts';
import { SEAT } from './seat.ts';
import type { Step, SuitePlan } from './suite.ts';

/** The step that asks how a booking went on. Who asks is who booked. */
export function settlesStep(
  { request }: Pick<SuitePlan, 'request'>,
  { url, everyMs, withinMs }: { readonly url: string; readonly everyMs: number; readonly withinMs: number },
): Step {
  const { body: _, ...rest } = request;
  return {
    request: { ...rest, method: 'GET', url, query: [], headers: headersOfPage(request.headers) },
    race: { settles: SEAT, everyMs, withinMs },
    comment: 'asked again until it decides',
  };
}
