import type { Draft } from '../draft.ts';
import { mapLeaves } from '../draft.ts';
import { neededHeaders } from '../headers.ts';
import { fillText, fillValue, type Variables } from './fill.ts';
import type { Outgoing } from './send.ts';

/**
 * The request that Artillery would send for this step of the suite.
 *
 * @param unknown collects the names of variables that nobody knows
 */
export async function outgoingOf(draft: Draft, variables: Variables, unknown: Set<string>): Promise<Outgoing> {
  const filled = mapLeaves(draft, ({ value }) => fillValue(value, variables, unknown));
  const { method, segments, query, login } = filled;
  const search = query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  const path = segments.map(encodeURIComponent).join('/');
  const basic = login && `Basic ${Buffer.from(`${login.user}:${login.pass}`).toString('base64')}`;
  const { body, type } = await bodyOf(filled);
  const headers = neededHeaders(filled);
  const hasType = headers.some(([name]) => name === 'content-type');
  return {
    method,
    url: `${fillText(draft.origin, variables, unknown)}/${path}${search === '' ? '' : `?${search}`}`,
    headers: [
      ...headers,
      ...(basic === undefined ? [] : [['authorization', basic] as const]),
      ...(type === undefined || hasType ? [] : [['content-type', type] as const]),
    ],
    body,
  };
}

interface Body {
  readonly body?: string | Uint8Array;
  readonly type?: string;
}

async function bodyOf({ body }: Draft): Promise<Body> {
  switch (body?.kind) {
    case undefined:
      return {};
    case 'json':
      return { body: JSON.stringify(body.value), type: 'application/json' };
    case 'form':
      return {
        body: new URLSearchParams(body.fields.map(([name, value]): [string, string] => [name, value])).toString(),
        type: 'application/x-www-form-urlencoded',
      };
    case 'multipart': {
      const form = new FormData();
      for (const [name, value] of body.fields) form.append(name, value);
      const encoded = new Response(form);
      const type = encoded.headers.get('content-type') ?? 'multipart/form-data';
      return { body: new Uint8Array(await encoded.arrayBuffer()), type };
    }
    case 'text':
      return { body: body.text, ...(body.type !== undefined && { type: body.type }) };
  }
}
