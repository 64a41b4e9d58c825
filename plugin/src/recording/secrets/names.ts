import { patternIn } from '../../../../model/pattern.ts';

/** Where a name stands. */
export type Place = 'header' | 'cookie' | 'field';

/**
 * What the name of a value says about it. `secret`: the value is one. `cookie`: it is one unless it is a word; most cookies
 * say who somebody is, whatever they are called. `likely`: it is one if it looks random, because the name also stands for
 * other things: the session of a concert, a boarding pass.
 */
export type Secrecy = 'secret' | 'cookie' | 'likely' | 'public';

/** Parts of a name, without its separators, that are clear wherever they stand. */
const TELLING =
  /token|secret|passw|passphrase|passcode|credential|authori[sz]|authenti|cookie|signature|csrf|xsrf|bearer|oauth|assertion|verifier|(api|access|auth|account|admin|app|application|client|encryption|functions|license|master|private|service|signing|subscription|user)key|sessid|cardn|creditcard|debitcard|iban|socialsecurity|securitycode|verificationcode/;
/** Words that are clear as a whole word only: `pin` is one, `shipping` is not. */
const WORDS = new Set(
  'auth card csc cvc cvn cvv cvv2 hmac jwe jws jwt mfa nonce otp pan pin pw pwd sid sig ssn tan totp wpnonce'.split(
    ' ',
  ),
);
const LIKELY = /session|sess$|pass$/;
/** `token_type` is no token: a name that ends in one of these words is about the secret. */
const ABOUT = new Set(
  'alg algorithm at brand count date enabled end endpoint error errors expiration expires expiry fee format hint in issuer kind label left length limit max message method min name names policy price remaining required scheme size start starts status time title ttl type types uri url used valid'.split(
    ' ',
  ),
);
/** These are compared, or say how to sign in. */
const NEVER = /idempot|authenticate$|^(sec-websocket-|authentication-info)/i;

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

function secrecyByWords(name: string, place: Place): Secrecy {
  const words = wordsOf(name);
  const joined = words.join('');
  if (NEVER.test(name) || (words.length > 1 && ABOUT.has(words.at(-1) ?? ''))) return 'public';
  if (TELLING.test(joined) || words.some((word) => WORDS.has(word))) return 'secret';
  if (LIKELY.test(joined)) return place === 'field' ? 'likely' : 'secret';
  return place === 'cookie' ? 'cookie' : 'public';
}

/** A target chooses the names in its answers. */
const MAX_REMEMBERED = 10_000;
const MAX_NAME = 200;

/**
 * Makes the function that says whether a value is a secret, by its name.
 *
 * @param more further names of secrets, from `secrets` in the plugin's block: literal ones in any case, and patterns such
 * as `/^x-shop-/i`
 */
export function secretNames(more: readonly string[] = []): (name: string, place: Place) => Secrecy {
  // Without g and y: a test must not depend on the one before it.
  const patterns = more.flatMap((name) => {
    const found = patternIn(name);
    return found === undefined ? [] : new RegExp(found.source, found.flags.replace(/[gy]/g, ''));
  });
  const literals = new Set(more.map((name) => name.toLowerCase()));
  const known = new Map<string, Secrecy>();
  return (name, place) => {
    const key = `${place} ${name}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    if (known.size >= MAX_REMEMBERED || name.length > MAX_NAME) known.clear();
    const isNamed = literals.has(name.toLowerCase()) || patterns.some((pattern) => pattern.test(name));
    const secrecy = isNamed ? 'secret' : secrecyByWords(name.slice(0, MAX_NAME), place);
    known.set(key, secrecy);
    return secrecy;
  };
}
