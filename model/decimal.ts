/**
 * A number of units. A whole number that a computer holds exactly is a number; anything else is a decimal as text, such as
 * `12.50`, so that no digit is lost.
 */
export type Amount = number | string;

/** A decimal as text. */
export const DECIMAL = /^-?\d{1,60}(?:\.\d{1,60})?$/;

/** Whether a history can hold an amount: any whole number that is exact, and a decimal with a bounded number of digits. */
export const isRecordable = (amount: Amount): boolean =>
  typeof amount === 'number' ? Number.isSafeInteger(amount) : DECIMAL.test(amount);

/** An exact decimal: `digits` × 10^-`places`. */
interface Scaled {
  readonly digits: bigint;
  readonly places: number;
}

/** All of them together, with as many decimal places as the longest has. */
export function addUp(amounts: readonly Amount[]): Amount {
  const whole = amounts.filter((amount) => Number.isSafeInteger(amount)) as number[];
  const sum = whole.reduce((a, b) => a + b, 0);
  if (whole.length === amounts.length && Number.isSafeInteger(sum)) return sum;
  return textOf(amounts.map(scaled).reduce(add, { digits: 0n, places: 0 }));
}

/** `from` − `amount`, exactly. */
export const minus = (from: Amount, amount: Amount): Amount => addUp([from, negative(amount)]);

/** Negative where `a` is less than `b`, 0 where they are equal, else positive. Also the order of a sort. */
export function compareAmounts(a: Amount, b: Amount): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [first, second] = aligned(scaled(a), scaled(b));
  return Number(first > second) - Number(first < second);
}

function negative(amount: Amount): Amount {
  if (typeof amount === 'number') return -amount;
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}

const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/** JavaScript writes small and large numbers with an exponent. Anything that is no decimal counts as 0. */
function scaled(amount: Amount): Scaled {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = PARTS.exec(String(amount)) ?? [];
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const places = fraction.length - Number(exponent);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}

function add(a: Scaled, b: Scaled): Scaled {
  const [first, second] = aligned(a, b);
  return { digits: first + second, places: Math.max(a.places, b.places) };
}

function aligned(a: Scaled, b: Scaled): readonly [bigint, bigint] {
  const places = Math.max(a.places, b.places);
  const digitsOf = (one: Scaled) => one.digits * 10n ** BigInt(places - one.places);
  return [digitsOf(a), digitsOf(b)];
}

function textOf({ digits, places }: Scaled): Amount {
  const text = String(digits < 0n ? -digits : digits).padStart(places + 1, '0');
  const sign = digits < 0n ? '-' : '';
  if (places === 0) return Number.isSafeInteger(Number(digits)) ? Number(digits) : `${sign}${text}`;
  return `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}
