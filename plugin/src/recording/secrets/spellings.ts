/** Fewer bytes, encoded, are a short word, which may stand in any text. */
const MIN_ENCODED_BYTES = 6;

/**
 * A secret in every way in which a text may hold it, apart from the escapes that {@link layersOf} undoes: as it is, with a
 * blank for a plus sign and the other way round, in both cases where it is hexadecimal, its bytes in hexadecimal, and in
 * Base64, also as a part of something longer that is in Base64, such as `user:password`.
 */
export function spellingsOf(secret: string): string[] {
  const isHex = /^[0-9a-f-]{8,}$/i.test(secret);
  return [
    ...new Set([
      secret,
      secret.replaceAll('+', ' '),
      secret.replaceAll(' ', '+'),
      ...(isHex ? [secret.toLowerCase(), secret.toUpperCase()] : []),
      ...inHex(Buffer.from(secret)),
      ...inBase64(Buffer.from(secret)),
    ]),
  ];
}

function inHex(bytes: Buffer): string[] {
  if (bytes.length < MIN_ENCODED_BYTES) return [];
  const digits = bytes.toString('hex');
  return [digits, digits.toUpperCase()];
}

function inBase64(bytes: Buffer): string[] {
  if (bytes.length < MIN_ENCODED_BYTES) return [];
  const whole = bytes.toString('base64').replace(/=+$/, '');
  const parts = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Characters at both ends also hold bits of what stands beside the secret.
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return [whole, ...parts].flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}
