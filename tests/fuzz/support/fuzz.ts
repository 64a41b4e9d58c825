import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { test } from 'vitest';
import { tries } from './watchdog.ts';

/** Seconds that all claims of a file take together. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 60);
/** For the same inputs again: the numbers that a failure prints. */
const { FUZZ_SEED, FUZZ_PATH } = process.env;
const seed = FUZZ_SEED === undefined ? Date.now() & 0x7fff_ffff : Number(FUZZ_SEED);

/** One input may wait so long for what a server sends, in milliseconds; where CPU is short, too. */
const MAX_WAIT_MS = 60_000;
/** An event loop that never turns would cut the process off from its test runner. */
const TURN_MS = 100;

/** A failing input may be long. */
const MAX_SHOWN = 4000;

function reporter<T>(details: fc.RunDetails<T>): void {
  const { failed, errorInstance } = details;
  if (!failed) return;
  throw new Error(fc.defaultReportMessage(details)?.slice(0, MAX_SHOWN), { cause: errorInstance });
}

/**
 * A claim about a parser: it is checked with ever new inputs, until its share of the time is over.
 *
 * @param check throws where the claim does not hold
 * @param share of the time of the file; default: all of it
 */
export function fuzz<T>(claim: string, inputs: fc.Arbitrary<T>, check: (input: T) => unknown, share = 1): void {
  test(claim, async () => {
    console.log(`FUZZ_SEED=${seed}`);
    let runs = 0;
    let turnedAt = performance.now();
    const property = fc.asyncProperty(inputs, async (input) => {
      tries(++runs);
      await check(input);
      if (performance.now() - turnedAt < TURN_MS) return;
      await turn();
      turnedAt = performance.now();
    });
    try {
      await fc.assert(property, {
        seed,
        ...(FUZZ_PATH !== undefined && { path: FUZZ_PATH }),
        numRuns: FUZZ_PATH === undefined ? Number.MAX_SAFE_INTEGER : 1,
        interruptAfterTimeLimit: SECONDS * share * 1000,
        timeout: MAX_WAIT_MS,
        reporter,
      });
    } finally {
      tries(0);
    }
    console.log(`${runs} inputs`);
  });
}
