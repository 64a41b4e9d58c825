import { plural, ruleOf, wordsOf } from '../model/index.ts';
import type { Report } from './report.ts';

/** How a user turns the read-back on. */
const TURN_ON = 'To ask the server, set readBack (ORDER_READ_BACK in the bundled scenarios)';

/** What was promised, what is stored, and how we know: the line below the headline of every report. */
export function soldText({ promised, stored, books, readBack, rule, ...named }: Report): string {
  const { one, many } = wordsOf(named);
  const told = `Promised ${promised.toLocaleString('en-US')}`;
  const known = [...books.values()].filter((book) => book.stored !== undefined).length;
  if (stored !== undefined) {
    const of = known === books.size ? '' : ` of ${known} of ${plural(books.size, one, many)}`;
    if (ruleOf({ rule }).successes === 'prove nothing') {
      return `Stored ${stored.toLocaleString('en-US')} (by read-back${of}): under this rule, answers promise nothing.`;
    }
    return `${told}, stored ${stored.toLocaleString('en-US')} (by read-back${of}).`;
  }
  if (readBack === 'off') return `${told}, by the answers alone: nobody asked what is stored. ${TURN_ON}.`;
  return `${told}, by the answers alone: the read-back could not tell how much is stored.`;
}
