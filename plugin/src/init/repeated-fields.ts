import { InputError } from '../config/index.ts';
import type { CapturedBody, Field } from './capture.ts';
import type { Draft } from './draft.ts';
import { SEAT } from './seat.ts';
import type { Vault } from './secrets.ts';

/*
 * A form whose names stand several times: `extras[]=x&extras[]=y`, or a checkbox with a hidden field before it. The `form` and
 * `formData` of Artillery are mappings, so the suite has such a form as text.
 */

/** Between the parts of a multipart text. */
const BOUNDARY = 'part-of-the-form';
const TEMPLATE = /(\{\{[^}]*\}\})/;
/** What a run puts in has no characters with a meaning of their own. */
const PLAIN = [SEAT, '{{ $uuid }}'];

type Form = Extract<CapturedBody, { readonly fields: readonly Field[] }>;

function repeatedForm({ body }: Draft): Form | undefined {
  if (body?.kind !== 'form' && body?.kind !== 'multipart') return undefined;
  return new Set(body.fields.map(([name]) => name)).size === body.fields.length ? undefined : body;
}

/**
 * The request with a text in place of a form whose names stand several times.
 *
 * @param inventories what stands for the seat
 * @param vault gets the secrets in it a second time, with the escapes of a form
 * @throws InputError if one of the inventories would break the text
 */
export function withRepeatedFields(draft: Draft, inventories: readonly (string | number)[], vault: Vault): Draft {
  const form = repeatedForm(draft);
  if (form === undefined) return draft;
  const headers = draft.headers.filter(([name]) => !/^content-type$/i.test(name));
  if (form.kind === 'multipart') {
    const text = `${form.fields.map(partOf).join('')}--${BOUNDARY}--\r\n`;
    return { ...draft, headers, body: { kind: 'text', text, type: `multipart/form-data; boundary=${BOUNDARY}` } };
  }
  const lost = form.fields.some(([, value]) => value.includes(SEAT))
    ? inventories.find((name) => /[&+%]/.test(String(name)))
    : undefined;
  if (lost !== undefined) {
    throw new InputError(
      `--inventories: ${String(lost).slice(0, 60)} stands in a form that the suite has as text, where & + and % have a meaning of their own; name others`,
    );
  }
  const text = form.fields.map((field) => field.map((one) => escaped(one, vault)).join('=')).join('&');
  return { ...draft, headers, body: { kind: 'text', text, type: 'application/x-www-form-urlencoded' } };
}

/** What a run puts into the text is not escaped. @returns a sentence for each variable that its owner has to escape */
export function unescapedIn(draft: Draft, vault: Vault): string[] {
  const form = repeatedForm(draft);
  const texts = form?.kind === 'form' ? form.fields.map(([, value]) => value) : [];
  const templates = new Set(texts.flatMap((text) => text.split(TEMPLATE).filter((_, at) => at % 2 === 1)));
  const open = [...templates].filter((one) => !PLAIN.includes(one) && secretOf(one, vault) === undefined);
  return open.map((one) => `The form is sent as text: write the & + and % in ${one} with the escapes of a URL.`);
}

const partOf = ([name, value]: Field): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name.replace(/["\r\n]/g, encodeURIComponent)}"\r\n\r\n${value}\r\n`;

const escaped = (text: string, vault: Vault): string =>
  text
    .split(TEMPLATE)
    .map((part, at) => (at % 2 === 0 ? encoded(part) : escapedTemplate(part, vault)))
    .join('');

/** As a form has it, with `+` for a space. */
const encoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

function escapedTemplate(template: string, vault: Vault): string {
  const { name, value } = secretOf(template, vault) ?? {};
  if (name === undefined || value === undefined) return template;
  const safe = encoded(value);
  return safe === value ? template : vault.hide(`${name}_ENCODED`, safe);
}

function secretOf(template: string, vault: Vault): { readonly name: string; readonly value: string } | undefined {
  const name = /\$env\.(\w+)/.exec(template)?.[1] ?? '';
  const value = vault.values.get(name);
  return value === undefined ? undefined : { name, value };
}
