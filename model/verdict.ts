import type { EndRecord } from './history.ts';
import type { Finding, Verdict } from './verdict-file.ts';

/** Exit codes of a judged run. Any other non-zero code: the run itself broke. */
export const EXIT_CODES = { pass: 0, fail: 3, inconclusive: 4 } as const satisfies Record<Verdict, number>;

/** The verdict on a run with these findings. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some((finding) => finding.severity === 'violation')) return 'fail';
  return findings.length > 0 ? 'inconclusive' : 'pass';
}

/** The exit code of a run: that of the verdict, or where the run passed, what something else in the suite ends it with. */
export const exitCodeOf = (verdict: Verdict, end: Pick<EndRecord, 'exitCode'> | undefined): number =>
  EXIT_CODES[verdict] || (end?.exitCode ?? EXIT_CODES.pass);

/**
 * How strong a pass is: with no double booking in `rounds` rounds, the upper end of the 95 % confidence interval for the
 * probability of one per round is 1 − 0.05^(1/rounds) (the exact form of the "rule of three"). 16 rounds: 0.171.
 */
export function doubleBookingRateBound(rounds: number): number {
  return rounds <= 0 ? 1 : 1 - 0.05 ** (1 / rounds);
}

/** The fewest strong rounds after which {@link doubleBookingRateBound} is below a share, from 0 to 1. 3 %: 99 rounds. */
export function roundsForBound(share: number): number {
  const rounds = Math.max(1, Math.ceil(Math.log(0.05) / Math.log1p(-share)));
  return doubleBookingRateBound(rounds) < share ? rounds : rounds + 1;
}
