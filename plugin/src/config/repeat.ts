import * as z from 'zod';
import type { Repeat } from '../../../model/index.ts';
import { MAX_ROUNDS } from '../../../model/repeat-file.ts';
import { ConfigError } from './config-error.ts';

/** How often rounds repeat, as a suite writes it and as ORDER_REPEAT does. */

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };
const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)$/;
const SHARE = /^(\d+(?:\.\d+)?)\s*%$/;
/** One tenth of a per mille takes 30,000 rounds. */
const LEAST_SHARE = 0.0001;

const durationMs = (text: string): number | undefined => {
  const [, number, unit = ''] = DURATION.exec(text.trim()) ?? [];
  const ms = Number(number) * (UNITS_MS[unit] ?? Number.NaN);
  return ms > 0 && ms <= 7 * 24 * 3_600_000 ? ms : undefined;
};

const shareIn = (text: string): number | undefined => {
  const share = Number(SHARE.exec(text.trim())?.[1]) / 100;
  return share >= LEAST_SHARE && share < 1 ? share : undefined;
};

const AS_DURATION = 'must be a duration of at most a week, such as "5m", "90s" or "1h"';
const AS_SHARE = 'must be a share from 0.01 % to below 100 %, such as "3 %"';
const AS_TIMES = `must be a whole number from 1 to ${MAX_ROUNDS}`;

const times = z.int(AS_TIMES).min(1, AS_TIMES).max(MAX_ROUNDS, AS_TIMES);

/** A text that stands for a number; anything else is a mistake in the words of `expected`. */
const textFor = (read: (text: string) => number | undefined, expected: string) =>
  z.string(expected).transform((text, context): number => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });

const mapping = z
  .strictObject({
    times: times.optional().describe('How often each inventory is raced for'),
    until: textFor(shareIn, AS_SHARE)
      .optional()
      .describe(
        'Rounds go on until a pass means that fewer than this share of rounds go wrong (95 % confidence), such as `"3 %"`: that takes 99 strong rounds',
      ),
    for: textFor(durationMs, AS_DURATION).optional().describe('Rounds go on for so long, such as `5m`, `90s` or `1h`'),
    stop: z
      .enum(['violation', 'never'])
      .default('violation')
      .describe('What ends the run before that. `never`: it goes on after a violation'),
  })
  .superRefine((written, context) => {
    const named = (['times', 'until', 'for'] as const).filter((name) => written[name] !== undefined);
    if (named.length === 1) return;
    const message = `must have exactly one of times, until and for${named.length === 0 ? '' : `, not ${named.join(' and ')}`}`;
    context.addIssue({ code: 'custom', message });
  })
  .transform(
    ({ times, until, for: forMs, stop }): Repeat => ({
      ...(times !== undefined && { times }),
      ...(until !== undefined && { until }),
      ...(forMs !== undefined && { forMs }),
      stop,
    }),
  );

export const repeatSchema = z.union(
  [
    times.transform((number): Repeat => ({ times: number, stop: 'violation' })),
    // A template comes to text.
    z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number)
      .pipe(times)
      .transform((number): Repeat => ({ times: number, stop: 'violation' })),
    mapping,
  ],
  'must be a whole number, or a mapping such as { until: "3 %" } or { for: 5m }',
);

/**
 * Checks `repeat` by itself: as one of several forms of an option, its mistakes would be told in words about numbers.
 *
 * @throws ConfigError with one line for each problem
 */
export function checkRepeat(written: unknown): void {
  if (typeof written !== 'string' || /^\d{1,6}$/.test(written)) return;
  throw new ConfigError({ path: 'config.plugins.race.repeat', fix: fixFor(written), received: `"${written}"` });
}

/** What a text was meant to be. */
function fixFor(text: string): string {
  if (shareIn(text) !== undefined) return `did you mean { until: "${text.trim()}" }?`;
  if (durationMs(text) !== undefined) return `did you mean { for: ${text.trim()} }?`;
  return 'must be a whole number, or a mapping such as { until: "3 %" } or { for: 5m }';
}

/**
 * Reads `20`, `3%` or `5m`.
 *
 * @param path what was set, for the message
 * @throws ConfigError if it is none of them
 */
export function repeatOf(text: string, path: string): Repeat {
  const until = shareIn(text);
  const forMs = durationMs(text);
  const number = /^\d+$/.test(text) ? times.safeParse(Number(text)).data : undefined;
  if (until !== undefined) return { until, stop: 'violation' };
  if (forMs !== undefined) return { forMs, stop: 'violation' };
  if (number !== undefined) return { times: number, stop: 'violation' };
  throw new ConfigError({
    path,
    fix: `must be a number of times such as 20 (at most ${MAX_ROUNDS}), a share such as 3% (from 0.01%), or a duration such as 5m (ms, s, m or h)`,
    received: `"${text.slice(0, 40)}"`,
  });
}
