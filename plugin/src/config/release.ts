import * as z from 'zod';

/** How the contenders of a round are let go. */
export interface ReleaseSettings {
  /**
   * `simultaneous`: all at the instant. `ramp`: evenly over the span, from the instant on. `sweep`: at another offset in each
   * round, from a span before the instant in the first to a span after it in the last.
   */
  readonly shape: 'simultaneous' | 'ramp' | 'sweep';
  /** 0 where the shape has none. */
  readonly spanMs: number;
  /** So much later than the shape says. */
  readonly delayMs: number;
  /** The instant is so long after the previous release of the same inventory; absent: as soon as all have come. */
  readonly afterPreviousMs?: number | undefined;
}

const HOUR_MS = 3_600_000;
const milliseconds = z.number().min(0).max(HOUR_MS);
const text = z.string().regex(/^\d+(\.\d+)?$/, 'must be a number of milliseconds');

/**
 * @param as what each value may be besides what it is in the end: in the `race:` line of a request, a template or what one
 * has come to
 */
export const releaseWith = <As extends (its: z.ZodType) => z.ZodType>(as: As) =>
  z
    .strictObject({
      shape: z
        .enum(['simultaneous', 'ramp', 'sweep'], { error: 'must be simultaneous, ramp or sweep' })
        .default('simultaneous'),
      spanMs: as(milliseconds)
        .optional()
        .describe('ramp: from the first to the last; sweep: so much before the instant, and so much after it'),
      delayMs: as(milliseconds).optional().describe('So much later than the shape says'),
      afterPreviousMs: as(milliseconds)
        .optional()
        .describe(
          'The instant is so long after the previous release of the same inventory; default: when all are there',
        ),
    })
    .superRefine(({ shape, spanMs }, context) => {
      const hasSpan = spanMs !== undefined && spanMs !== 0;
      const isSimultaneous = shape === 'simultaneous';
      if (hasSpan !== isSimultaneous) return;
      const message = isSimultaneous ? 'goes with ramp or sweep: set the shape' : `a ${shape} needs one above 0`;
      context.addIssue({ code: 'custom', path: ['spanMs'], message });
    });

/** A number, or the text that a template has come to. */
export const orText = (its: z.ZodType): z.ZodType => z.union([its, text.transform(Number).pipe(milliseconds)]);

const settled = (its: z.output<ReturnType<typeof releaseWith>>): ReleaseSettings => {
  const { shape, spanMs, delayMs, afterPreviousMs } = its as Partial<ReleaseSettings>;
  return { shape: shape ?? 'simultaneous', spanMs: spanMs ?? 0, delayMs: delayMs ?? 0, afterPreviousMs };
};

const releaseOf = (object: ReturnType<typeof releaseWith>) =>
  z.union([
    z.literal('simultaneous').transform((shape): ReleaseSettings => ({ shape, spanMs: 0, delayMs: 0 })),
    object.transform(settled),
  ]);

/** `release` of the plugin's block: for all requests that race and do not say it themselves. */
export const releaseSchema = releaseOf(releaseWith((its) => its));
/** `release` of a `race:` line, its templates filled in. */
export const renderedRelease = releaseOf(releaseWith(orText));
