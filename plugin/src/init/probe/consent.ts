import { printable } from '../../../../reports/index.ts';
import { InputError } from '../../config/index.ts';
import type { Asker } from '../ask.ts';

export interface Consent {
  readonly asker: Asker;
  /** `--book-one`: yes, whoever asks. */
  readonly bookOne: boolean;
  /** `--yes`: the answer at a terminal. Where nobody is asked, only `--book-one` is clear enough for a real booking. */
  readonly yes: boolean;
}

/**
 * Asks whether the probe may book.
 *
 * @throws InputError if it may not, or if nobody can be asked
 */
export async function consentTo(
  seat: string | number,
  target: string,
  { asker, bookOne, yes }: Consent,
): Promise<void> {
  if (bookOne || (yes && asker.isTerminal)) return;
  const text = `The probe books ${printable(String(seat), 60)} at ${printable(target, 100)} twice, for real. Go on? yes or no`;
  const isYes = await asker.ask({ text, flag: '--book-one' }, (answer) => {
    if (!/^(?:y(?:es)?|no?)$/i.test(answer)) throw new InputError('yes or no');
    return /^y/i.test(answer);
  });
  if (!isYes)
    throw new InputError('--probe: nothing was booked, and nothing was written; without --probe nothing is booked');
}
