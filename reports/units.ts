/** Shown instead of a number that is not known. */
export const UNKNOWN = '–';

/** `0.04 ms`, `1.3 ms`, `512 ms`: fewer digits for longer times; a dash for undefined. */
export function formatMs(ms: number | undefined): string {
  if (ms === undefined) return UNKNOWN;
  const digits = ms === 0 || ms >= 100 ? 0 : ms < 1 ? 2 : 1;
  return `${ms.toFixed(digits)} ms`;
}

/** A spread with how wrong it may be: `1.6 ± 0.2 ms`; without an error, as {@link formatMs} says it. */
export function formatSpread(ms: number | undefined, errorMs: number | undefined): string {
  if (ms === undefined || errorMs === undefined) return formatMs(ms);
  const digits = Math.max(ms, errorMs) >= 100 ? 0 : ms < 1 ? 2 : 1;
  return `${ms.toFixed(digits)} ± ${errorMs.toFixed(digits)} ms`;
}

/** A time before or after an origin, in milliseconds: `+0.12`; a dash for undefined. */
export function formatOffset(ms: number | undefined): string {
  return ms === undefined ? UNKNOWN : `${ms < 0 ? '-' : '+'}${Math.abs(ms).toFixed(2)}`;
}

/** A duration in milliseconds as people say it: `850 ms`, `2.3 s`, `12 s`, `3 min 5 s`, `2 h 4 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A share (0..1) as `1.00 %`. */
export function formatPercent(share: number, decimals = 2): string {
  return `${(100 * share).toFixed(decimals)} %`;
}

/** `2026-01-02T03:04:05.000Z` as `2026-01-02 03:04:05 UTC`; any other text unchanged. */
export function formatInstant(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(iso);
  return match ? `${match[1]} ${match[2]} UTC` : iso;
}
