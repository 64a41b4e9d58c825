import { createFinder } from '../recording/index.ts';
import { type Draft, type Leaf, leavesOf, mapLeaves } from './draft.ts';
import { decoded } from './formats/urls.ts';
import { environmentName, environmentTemplate } from './variables.ts';

const finder = createFinder();

const SESSION = /^session_?(?:id)?$/i;
const MIN_SESSION = 16;

/** Whether a value must not be shown, nor be written to a suite. */
export function isSecret({ in: place, name, within = [], value }: Leaf): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const text = String(value);
  if (text === '' || isOnlyTemplate(text)) return false;
  if (place === 'login') return true;
  if (place === 'header') {
    // Beside a variable, a cookie is one only if it holds a further secret: nobody fills in a variable inside a secret.
    const signsIn = SIGNS_IN.test(name) && !text.includes('{{');
    return signsIn || finder.inRequest({ headers: { [name]: text } }).length > 0;
  }
  // Most parts of a path are words of the API: /oauth/token
  if (place === 'path' && !/\d/.test(text)) return false;
  // What keeps somebody signed in is longer.
  if (SESSION.test(name) && text.length < MIN_SESSION) return false;
  return finder.isSecret(name, text) || isSecretWithin(within, name, text);
}

/** A name that says nothing by itself. */
const SAYS_NOTHING = /^(?:value|text|plain|raw|key)$/i;

/** Below the name of a secret: `{"card":{"number":"…"}}`, `{"password":{"value":"…"}}`. The recorder hides the same. */
function isSecretWithin(within: readonly string[], name: string, text: string): boolean {
  const outer = within.at(-1);
  if (outer === undefined) return false;
  if (SAYS_NOTHING.test(name) && finder.isSecret(outer, text)) return true;
  const whole = [...within, name].reduceRight<unknown>((inner, one) => ({ [one]: inner }), text);
  return finder.inValues({ whole }).some(({ value }) => value === text.trim());
}

/** Secrets inside a longer text: in a URL, in the query of a statement. */
const secretsInside = (text: string): string[] =>
  finder
    .inRequest({ headers: {}, path: text, body: Buffer.from(text) })
    .map(({ value }) => value)
    .filter((value) => !isOnlyTemplate(value));

const SIGNS_IN = /^(?:authorization|proxy-authorization|cookie)$/i;
const isOnlyTemplate = (text: string): boolean =>
  text.replace(/\{\{[^}]*\}\}/g, '').replace(/^(?:bearer|basic|token|apikey)\s*/i, '') === '';

/** Collects the secrets of several requests: each value has one variable. */
export class Vault {
  readonly #prefix: string;
  readonly #taken: ReadonlyMap<string, string>;
  readonly #values = new Map<string, string>();

  /**
   * @param prefix the beginning of each name, such as `SHOP`: a variable of the same name that is set already would win
   * @param taken the variables that the `.env` beside the suite has already
   */
  constructor(prefix: string, taken: ReadonlyMap<string, string> = new Map()) {
    this.#prefix = prefix;
    this.#taken = taken;
  }

  /** A template for a secret. The same value under the same name gives the same one. */
  hide(name: string, value: string): string {
    const base = name.startsWith(`${this.#prefix}_`) ? name : `${this.#prefix}_${name}`;
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? base : `${base}_${number}`;
      const known = this.#values.get(candidate) ?? this.#taken.get(candidate);
      if (known !== undefined && known !== value) continue;
      this.#values.set(candidate, value);
      return environmentTemplate(candidate);
    }
  }

  /** The value of a variable that the input itself reads by this name. */
  keep(name: string, value: string): void {
    this.#values.set(name, value);
  }

  /** All that were hidden, by name. */
  get values(): ReadonlyMap<string, string> {
    return this.#values;
  }
}

/** Several requests with a template in place of each secret: what is a secret in one of them is none of the others' business. */
export function allWithoutSecrets(drafts: readonly Draft[], vault: Vault): Draft[] {
  for (const draft of drafts) withoutSecrets(draft, vault);
  return drafts.map((draft) => withoutSecrets(draft, vault));
}

/** The request with a template in place of each secret, and of all that the vault has already. */
export function withoutSecrets(draft: Draft, vault: Vault): Draft {
  const leaves = leavesOf(draft);
  // Beside an event, a session is one evening of it.
  const isOfEvent = leaves.some(({ name }) =>
    /^(?:event|show|course|class|performance|screening)_?(?:id)?$/i.test(name),
  );
  const isHidden = (leaf: Leaf) => isSecret(leaf) && !(isOfEvent && leaf.in === 'json' && SESSION.test(leaf.name));
  const plain = leaves.filter(isHidden).map((leaf) => ({ leaf, ...hiddenLeaf(leaf, vault) }));
  const secrets = [...vault.values.values()].filter((value) => value.length >= MIN_LENGTH);
  const encoded = leaves
    .filter((leaf) => !isHidden(leaf) && typeof leaf.value === 'string' && holdsEncoded(leaf.value, secrets))
    .map((leaf) => ({ leaf, ...hiddenLeaf(leaf, vault) }));
  const hidden = [...plain, ...encoded];
  const whole = new Map(hidden.map(({ leaf, template }) => [keyOf(leaf), template]));
  // A secret may stand a second time, under a name that says nothing, or inside a longer text.
  const others = leaves
    .filter(({ value }) => typeof value === 'string')
    .filter((leaf) => !whole.has(keyOf(leaf)) && !(leaf.in === 'header' && SIGNS_IN.test(leaf.name)))
    .flatMap(({ name, value }) => secretsInside(String(value)).map((secret) => ({ name, secret })));
  const parts = [
    ...hidden.map(({ secret, bare }) => ({ secret, bare })),
    ...others.map(({ name, secret }) => ({ secret, bare: vault.hide(environmentName(name), secret) })),
    ...[...vault.values].map(([name, secret]) => ({ secret, bare: environmentTemplate(name) })),
  ].toSorted((a, b) => b.secret.length - a.secret.length);
  return mapLeaves(draft, (leaf) => {
    const template = whole.get(keyOf(leaf));
    if (template !== undefined) return template;
    return typeof leaf.value === 'string' ? withoutParts(leaf.value, parts) : leaf.value;
  });
}

const keyOf = ({ in: place, path, value }: Leaf): string => `${place} ${path} ${value}`;

/** A shorter secret is a word that stands elsewhere for something else. */
const MIN_LENGTH = 6;

const withoutParts = (text: string, parts: readonly { readonly secret: string; readonly bare: string }[]): string =>
  parts.reduce((left, { secret, bare }) => (secret.length < MIN_LENGTH ? left : left.split(secret).join(bare)), text);

/** A secret in Base64, also behind a user's name, or with the escapes of a URL. */
function holdsEncoded(text: string, secrets: readonly string[]): boolean {
  const words = text.match(/[\w+/-]{8,}/g) ?? [];
  const decodings = [decoded(text), ...words.map((word) => Buffer.from(word, 'base64').toString())];
  return secrets.some((secret) => !text.includes(secret) && decodings.some((one) => one.includes(secret)));
}

interface Hidden {
  readonly secret: string;
  /** What stands for the whole value. */
  readonly template: string;
  /** What stands for the secret alone. */
  readonly bare: string;
}

function hiddenLeaf({ in: place, name, within = [], value }: Leaf, vault: Vault): Hidden {
  const text = String(value);
  const [, scheme, token = ''] = /^(bearer|token|apikey)\s+(\S+)$/i.exec(place === 'header' ? text : '') ?? [];
  if (scheme !== undefined) {
    const bare = vault.hide('TOKEN', token);
    return { secret: token, template: `${scheme} ${bare}`, bare };
  }
  // CARD_NUMBER, where NUMBER alone would not say what it is.
  const names = finder.isSecret(name, text) ? [name] : [...within.slice(-1), name];
  const bare = vault.hide(environmentName(names.join('_')), text);
  return { secret: text, template: bare, bare };
}
