import type { Outgoing } from './send.ts';

/** An answer may repeat what was sent. Words that many answers have, such as "order", are no sign of it. */
const OWN = /[\d@]|^\p{Lu}|\s/u;
const MIN_LENGTH = 3;
const MAX_TEXTS = 100;

/** The values in a request that are about this one booking: names, addresses, keys. */
export function textsIn({ url, headers, body }: Outgoing, seat: string | number): readonly string[] {
  const { searchParams, pathname } = new URL(url);
  const basic = headers.flatMap(([name, value]) => (name === 'authorization' ? userIn(value) : []));
  const texts = [...searchParams.values(), ...pathname.split('/').slice(1), ...bodyTexts(body), ...basic];
  const own = texts.filter((text) => text.length >= MIN_LENGTH && text.length <= 200 && OWN.test(text));
  return [...new Set([...own, ...basic])].filter((text) => text !== String(seat)).slice(0, MAX_TEXTS);
}

const userIn = (header: string): readonly string[] =>
  /^basic /i.test(header) ? Buffer.from(header.slice(6), 'base64').toString().split(':').slice(0, 1) : [];

function bodyTexts(body: Outgoing['body']): readonly string[] {
  if (typeof body !== 'string') return [];
  const texts: string[] = [];
  try {
    JSON.parse(body, (_name, value) => {
      if (typeof value === 'string' || typeof value === 'number') texts.push(String(value));
      return value;
    });
  } catch {
    return [...new URLSearchParams(body).values()];
  }
  return texts;
}
