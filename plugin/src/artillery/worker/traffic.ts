import { type Blotter, createSeen, readAnswer } from '../../recording/index.ts';
import type { Metrics, SentParams, TracedResponse } from '../shared/artillery.ts';
import { isRaced } from '../shared/raced-steps.ts';

/** Of a longer answer only the beginning is searched: an answer to a sign-in is short. */
const MAX_BODY = 65_536;
const MAX_UNPACKED = 1 << 20;

/** Learns the secrets of a worker's virtual users outside of their raced requests. */
export interface Traffic {
  /**
   * Learns from all requests, and from the answers to them: what a sign-in gives out may come back later, in the answer to
   * anybody.
   */
  listen(events: Metrics): void;
  /** Learns from the variables of a virtual user, in which its sign-in may have left something. */
  learn(vars: Readonly<Record<string, unknown>>): void;
}

export function createTraffic(blotter: Blotter): Traffic {
  const heard = new WeakSet<Metrics>();
  const { find, learn } = blotter;
  /** Raced requests that have no answer yet. */
  const raced = new Set<string>();
  // A cookie in a variable is one text, but in a header it is a name and the secret: each is searched in its own way.
  const [isNewHeader, isNewVariable] = [onlyNew(), onlyNew()];

  const sent = (params: SentParams, uuid: string): void => {
    if (isRaced(params)) raced.add(uuid);
    const { url = '', headers = {}, json, body, form, searchParams, username, password } = params;
    const texts = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const text = typeof body === 'string' ? Buffer.from(body) : undefined;
    const newHeaders = Object.fromEntries(texts.filter(isNewHeader));
    learn(find.inRequest({ headers: newHeaders, path: String(url), ...(text !== undefined && { body: text }) }));
    if (searchParams) learn(find.inRequest({ headers: {}, path: `?${searchParams}` }));
    learn(find.inValues({ json, form, password, login: `//${username}:${password}@` }));
  };

  const answered = (response: TracedResponse, uuid: string): void => {
    // A raced answer is read later, when nobody is in flight.
    if (raced.delete(uuid)) return;
    const { headers } = response;
    learn(find.inAnswer({ headers }));
    if (!/json|html|text|urlencoded/.test(String(headers['content-type']))) return;
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk) => {
      if (size < MAX_BODY) chunks.push(chunk);
      size += chunk.length;
    });
    response.on('end', () => {
      const whole = { kind: 'complete', status: 200, headers, body: Buffer.concat(chunks) } as const;
      const { text, json } = readAnswer(whole, MAX_UNPACKED);
      learn(find.inAnswer({ headers: {}, text, json }));
    });
  };

  return {
    listen(events) {
      if (heard.has(events)) return;
      heard.add(events);
      events.on?.('trace:http:request', sent);
      events.on?.('trace:http:response', answered);
    },
    learn(vars) {
      // Those with a dollar sign are from Artillery and from this plugin, such as the whole environment.
      const own = Object.entries(vars).filter(([name]) => !name.startsWith('$'));
      learn(find.inValues(Object.fromEntries(own.filter(isNewVariable))));
    },
  };
}

/** Says whether a name and its value come for the first time. A list or a mapping is always new. */
function onlyNew() {
  const isNew = createSeen();
  return ([name, value]: [string, unknown]) => typeof value === 'object' || isNew(`${name}: ${String(value)}`);
}
