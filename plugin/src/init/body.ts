import { parseJson } from '../../../model/json.ts';
import type { CapturedBody, Field } from './capture.ts';

/**
 * A body as its Content-Type says it is to be read. One without a type is JSON if it looks like it. A body that breaks its
 * own type is text.
 *
 * @param type the Content-Type, such as `application/json; charset=utf-8`
 */
export async function readBody(text: string, type = ''): Promise<CapturedBody> {
  if (/\bjson\b/i.test(type) || (type === '' && /^\s*[[{]/.test(text))) {
    const value = parseJson(text);
    if (value !== undefined) return { kind: 'json', value, text };
  }
  if (/^application\/x-www-form-urlencoded/i.test(type)) {
    return { kind: 'form', fields: [...new URLSearchParams(text)] };
  }
  if (/^multipart\/form-data/i.test(type)) {
    const parts = await multipartParts(text, type);
    if (parts !== undefined) return { kind: 'multipart', ...parts };
  }
  return { kind: 'text', text, ...(type === '' ? {} : { type }) };
}

/** What a multipart text holds; undefined if it is broken. */
async function multipartParts(
  text: string,
  type: string,
): Promise<{ readonly fields: Field[]; readonly files: string[] } | undefined> {
  try {
    const form = [...(await new Response(text, { headers: { 'content-type': type } }).formData())];
    return {
      fields: form.flatMap(([name, value]): Field[] => (typeof value === 'string' ? [[name, value]] : [])),
      files: form.flatMap(([name, value]) => (typeof value === 'string' ? [] : [name])),
    };
  } catch {
    return undefined;
  }
}
