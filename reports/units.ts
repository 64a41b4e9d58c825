/** What stands where a number is not known. */
export const UNKNOWN = '–';

/** `0.04 ms`, `1.3 ms`, `512 ms`: as many digits as say something; a dash for undefined. */
export function formatMs(ms: number | undefined): string {
  if (ms === undefined) return UNKNOWN;
  const digits = ms === 0 || ms >= 100 ? 0 : ms < 1 ? 2 : 1;
  return `${ms.toFixed(digits)} ms`;
}

/** A signed offset in milliseconds from an agreed origin: `+0.12`; a dash for undefined. */
export function formatOffset(ms: number | undefined): string {
  return ms === undefined ? UNKNOWN : `${ms < 0 ? '-' : '+'}${Math.abs(ms).toFixed(2)}`;
}

/** A length of time for people, from milliseconds: `850 ms`, `2.3 s`, `12 s`, `3 min 5 s`, `2 h 4 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A share (0..1) as `1.00 %`, or with as many decimals as asked for. */
export function formatPercent(share: number, decimals = 2): string {
  return `${(100 * share).toFixed(decimals)} %`;
}

/** `2026-01-02T03:04:05.000Z` as `2026-01-02 03:04:05 UTC`; anything else as it is. */
export function formatInstant(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(iso);
  return match ? `${match[1]} ${match[2]} UTC` : iso;
}

/** `1 success`, `99 failures`: a count with its noun; `many` where an s does not make the plural. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
