import { describe, expect, it, vi } from 'vitest';
import type { VuContext } from '../../plugin/src/artillery/shared/artillery.ts';
import { fitSpan } from '../../plugin/src/artillery/worker/spans.ts';

const contextWith = (spans: object | undefined) =>
  ({ vars: { __otlpHTTPRequestSpans: spans } }) as unknown as VuContext;

describe('the span of a raced request', () => {
  it('begins with the release and ends with the answer, on the wall clock', () => {
    vi.useFakeTimers({ now: 5_000_750 });
    const end = vi.fn();
    const span = { startTime: [1, 2], end };
    fitSpan(contextWith({ one: span }), { uuid: 'one' }, { releasedAtMs: 400, completedAtMs: 450 }, 650);
    span.end(7);
    vi.useRealTimers();
    expect(span.startTime).toEqual([5000, 500_000_000]);
    expect(end).toHaveBeenCalledExactlyOnceWith(5_000_550);
  });

  it.each([
    ['no traces are taken', undefined, { releasedAtMs: 1, completedAtMs: 2 }],
    ['this request has none', {}, { releasedAtMs: 1, completedAtMs: 2 }],
    ['the request was never released', { one: { startTime: [1, 2] } }, { completedAtMs: 2 }],
  ])('stays where %s', (_what, spans, timing) => {
    const before = structuredClone(spans);
    fitSpan(contextWith(spans), { uuid: 'one' }, timing, 3);
    expect(spans).toEqual(before);
  });
});
