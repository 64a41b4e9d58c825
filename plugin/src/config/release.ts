import * as z from 'zod';
import { milliseconds } from './milliseconds.ts';

/** How the contenders of a round are let go. */
export interface ReleaseSettings {
  /**
   * `simultaneous`: all at the release instant. `ramp`: evenly over the span, from that instant on. `sweep`: at another offset
   * in each round, from a span before that instant in the first round to a span after it in the last. `one-at-a-time`: each once
   * the one before it is answered, so that nothing is raced.
   */
  readonly shape: 'simultaneous' | 'ramp' | 'sweep' | 'one-at-a-time';
  /** In milliseconds; 0 for a shape without a span. */
  readonly spanMs: number;
  /** How much later than the shape says, in milliseconds. */
  readonly delayMs: number;
  /**
   * The release instant is this many milliseconds after the previous release of the same inventory; absent: as soon as all
   * contenders are ready.
   */
  readonly afterPreviousMs?: number | undefined;
}

/** @param as turns the schema of a number into the schema of what people may write: the number, a template, or a rendered one */
export const releaseWith = <T extends z.ZodType>(as: (value: z.ZodNumber) => T) =>
  z
    .strictObject({
      shape: z
        .enum(['simultaneous', 'ramp', 'sweep'], { error: 'must be simultaneous, ramp or sweep' })
        .default('simultaneous')
        .describe(
          '`simultaneous`: all at the release instant. `ramp`: evenly over `spanMs`, from that instant on. `sweep`: at another ' +
            'offset in each round, from `spanMs` before that instant in the first round to `spanMs` after it in the last',
        ),
      spanMs: as(milliseconds)
        .optional()
        .describe(
          'For a ramp, the milliseconds from the first contender to the last. For a sweep, the milliseconds on each side of ' +
            'the release instant',
        ),
      delayMs: as(milliseconds).optional().describe('Milliseconds to add to what the shape says. Default: 0'),
      afterPreviousMs: as(milliseconds)
        .optional()
        .describe(
          'The release instant is this many milliseconds after the previous release of the same inventory. Default: as soon ' +
            'as all contenders are ready',
        ),
    })
    .superRefine(({ shape, spanMs }, context) => {
      const hasSpan = spanMs !== undefined && spanMs !== 0;
      const isSimultaneous = shape === 'simultaneous';
      if (hasSpan !== isSimultaneous) return;
      const message = isSimultaneous ? 'goes with ramp or sweep: set the shape' : `a ${shape} needs one above 0`;
      context.addIssue({ code: 'custom', path: ['spanMs'], message });
    });

const numberInText = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number of milliseconds')
  .transform(Number)
  .pipe(milliseconds);

const oneAtATime = z.literal('one-at-a-time').transform((shape): ReleaseSettings => ({ shape, spanMs: 0, delayMs: 0 }));

const orShape = <T extends z.ZodType<number>>(
  settings: ReturnType<typeof releaseWith<T>>,
  more: readonly (typeof oneAtATime)[] = [],
  known = 'must be simultaneous, or a mapping such as { shape: ramp, spanMs: 40 }',
) =>
  z.union(
    [
      z.literal('simultaneous').transform((shape): ReleaseSettings => ({ shape, spanMs: 0, delayMs: 0 })),
      ...more,
      settings.transform((written): ReleaseSettings => {
        const { shape, spanMs = 0, delayMs = 0, afterPreviousMs } = written as Partial<ReleaseSettings>;
        return { shape: shape ?? 'simultaneous', spanMs, delayMs, afterPreviousMs };
      }),
    ],
    known,
  );

/** `release` of the plugin's block, for all raced requests whose `race:` line has no `release`. */
export const releaseSchema = orShape(
  releaseWith((value) => value),
  [oneAtATime],
  'must be simultaneous, one-at-a-time, or a mapping such as { shape: ramp, spanMs: 40 }',
);
/** `release` of a `race:` line, with its templates rendered to numbers or text. */
export const renderedRelease = orShape(releaseWith((value) => z.union([value, numberInText])));
