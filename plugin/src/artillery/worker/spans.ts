import type { ExchangeTiming } from '../../gate/index.ts';
import type { RequestParams, VuContext } from '../shared/artillery.ts';

/** An OpenTelemetry span, as far as it is changed here. */
interface Span {
  /** Seconds and nanoseconds on the wall clock. */
  startTime: [seconds: number, nanoseconds: number];
  end(atMs?: number): void;
}

/**
 * Makes the span of a raced request last from its release to its answer. Artillery's publish-metrics starts it before the
 * wait for the other contenders, keeps it in a variable of the virtual user, and ends it after this is called.
 *
 * @param nowMs on the clock of the timing
 */
export function fitSpan(
  { vars }: VuContext,
  { uuid }: RequestParams,
  { releasedAtMs, completedAtMs }: ExchangeTiming,
  nowMs: number,
): void {
  const spans = vars.__otlpHTTPRequestSpans as Readonly<Record<string, Span>> | undefined;
  const span = spans?.[String(uuid)];
  if (span === undefined || releasedAtMs === undefined) return;
  const startMs = Date.now() - (nowMs - releasedAtMs);
  const seconds = Math.floor(startMs / 1000);
  const end = span.end.bind(span);
  span.startTime = [seconds, Math.round((startMs - seconds * 1000) * 1e6)];
  span.end = () => end(startMs + completedAtMs - releasedAtMs);
}
