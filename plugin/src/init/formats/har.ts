import * as z from 'zod';
import { readBody } from '../body.ts';
import type { Capture, CapturedAnswer, CapturedBody, CapturedRequest, Field, Format } from '../capture.ts';
import { checked, parseJsonDocument } from './document.ts';
import { splitCredentials, spokenName } from './urls.ts';

const PAIR = z.looseObject({ name: z.string(), value: z.string().nullish() });
const PAIRS = z
  .array(PAIR)
  .nullish()
  .transform((pairs) => (pairs ?? []).map(({ name, value }): Field => [name, value ?? '']));

/** The fields of a form. */
const PARAMS = z
  .array(PAIR.extend({ fileName: z.string().nullish() }))
  .nullish()
  .transform((pairs) => ({
    fields: (pairs ?? []).flatMap(({ name, value, fileName }): Field[] => (fileName ? [] : [[name, value ?? '']])),
    files: (pairs ?? []).flatMap(({ name, fileName }) => (fileName ? [name] : [])),
  }));

const POST_DATA = z.looseObject({
  mimeType: z.string().nullish(),
  text: z.string().nullish(),
  params: PARAMS,
  /** Some tools write binary bodies in Base64, as HAR does for answers. */
  encoding: z.string().nullish(),
});

const CONTENT = z.looseObject({
  mimeType: z.string().nullish(),
  text: z.string().nullish(),
  encoding: z.string().nullish(),
});

const ENTRY = z.looseObject({
  startedDateTime: z.string().nullish(),
  request: z.looseObject({
    method: z.string(),
    url: z.string(),
    headers: PAIRS,
    cookies: PAIRS,
    postData: POST_DATA.nullish(),
  }),
  // A request that the browser blocked has no answer, or one with the status 0.
  response: z.looseObject({ status: z.number().nullish(), headers: PAIRS, content: CONTENT.nullish() }).nullish(),
});
type Entry = z.infer<typeof ENTRY>;

const HAR = z.looseObject({
  log: z.looseObject({ entries: z.array(ENTRY).min(1, 'it has no requests: save it again with the tab open') }),
});

/** HTTP Archive 1.2: what the network tab of a browser saves. */
export const har: Format = {
  name: 'har',
  // Anything may hold a list `entries`, so `log` has to be near the beginning.
  recognises: (text) => /^\s*\{/.test(text) && /"log"\s*:/.test(text.slice(0, 2000)) && /"entries"\s*:/.test(text),
  async read(text): Promise<Capture> {
    const { log } = checked(HAR, parseJsonDocument(text, 'HAR'), 'HAR');
    // Pages also load data:, blob: and their browser's extensions.
    const entries = log.entries.filter(({ request }) => /^https?:\/\//i.test(request.url));
    const first = Date.parse(entries[0]?.startedDateTime ?? '');
    return { format: 'har', requests: await Promise.all(entries.map((entry) => requestOf(entry, first))) };
  },
};

async function requestOf({ request, response, startedDateTime }: Entry, first: number): Promise<CapturedRequest> {
  const method = request.method.toUpperCase();
  const { url, auth } = splitCredentials(request.url);
  const atMs = Date.parse(startedDateTime ?? '') - first;
  const body = await bodyOf(request);
  const answer = answerOf(response);
  return {
    name: spokenName(method, url),
    method,
    url,
    headers: headersOf(request),
    ...(auth === undefined ? {} : { auth }),
    ...(body === undefined ? {} : { body }),
    ...(answer === undefined ? {} : { answer }),
    ...(Number.isFinite(atMs) ? { atMs } : {}),
  };
}

/** Without the pseudo headers of HTTP/2. Cookies that only the list of cookies has become the header that they were. */
function headersOf({ headers, cookies }: Entry['request']): Field[] {
  const real = headers.filter(([name]) => name !== '' && !name.startsWith(':'));
  if (cookies.length === 0 || real.some(([name]) => name.toLowerCase() === 'cookie')) return real;
  return [...real, ['Cookie', cookies.map(([name, value]) => `${name}=${value}`).join('; ')]];
}

async function bodyOf({ headers, postData }: Entry['request']): Promise<CapturedBody | undefined> {
  if (postData === null || postData === undefined) return undefined;
  const type = postData.mimeType || headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] || '';
  const text = plainText(postData.text ?? '', postData.encoding);
  // Browsers leave out the text of a form with files, and tools that of any form.
  const { fields, files } = postData.params;
  if (fields.length + files.length > 0 && (text === '' || /^multipart\//i.test(type))) {
    return /^multipart\//i.test(type)
      ? { kind: 'multipart', fields, files }
      : { kind: 'form', fields: paramsOf(fields) };
  }
  return text === '' ? undefined : readBody(text, type);
}

/** The names and values of a form are escaped in some archives, and plain in others. */
const paramsOf = (params: readonly Field[]): Field[] =>
  !params.some(([, value]) => /%[0-9a-f]{2}/i.test(value))
    ? [...params]
    : [...new URLSearchParams(params.map(([name, value]) => `${name}=${value}`).join('&'))];

/** Of an answer, only text is of use: pictures and fonts are left out. */
const TEXT = /json|text\/(?:html|plain|xml)|\+xml|application\/xml/i;
const MAX_ANSWER = 1_000_000;

function answerOf(response: Entry['response']): CapturedAnswer | undefined {
  if (response === null || response === undefined || !response.status) return undefined;
  const { status, headers, content } = response;
  const body = TEXT.test(content?.mimeType ?? '') ? plainText(content?.text ?? '', content?.encoding) : '';
  const isOfUse = body !== '' && body.length <= MAX_ANSWER;
  return { status, headers: headers.filter(([name]) => !name.startsWith(':')), ...(isOfUse ? { body } : {}) };
}

const plainText = (text: string, encoding: string | null | undefined): string =>
  encoding === 'base64' ? Buffer.from(text, 'base64').toString() : text;
