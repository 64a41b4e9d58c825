import { randomUUID } from 'node:crypto';
import type { WireReply } from '../../recording/index.ts';
import type { Draft } from '../draft.ts';
import { headersOfPage } from '../headers.ts';
import type { Step, SuitePlan } from '../suite.ts';
import { capturedIn, capturedNames } from './captures.ts';
import { Cookies } from './cookies.ts';
import { readable } from './evidence.ts';
import type { Variables } from './fill.ts';
import { outgoingOf } from './outgoing.ts';
import { type Outgoing, send } from './send.ts';

/** As many redirects as a sign-in may take. */
const MAX_REDIRECTS = 5;

/** One user of the probe: signed in, with cookies of its own. */
export class Session {
  readonly user: string | undefined;
  readonly #plan: Pick<SuitePlan, 'before' | 'request'>;
  readonly #cookies = new Cookies();
  #variables: Variables;
  #booking: Outgoing | undefined;

  /**
   * @param variables what the templates of the suite stand for
   * @param user what people call this user
   */
  constructor(plan: Pick<SuitePlan, 'before' | 'request'>, variables: Variables, user?: string) {
    this.#plan = plan;
    this.#variables = variables;
    this.user = user;
  }

  /** The names of variables that the suite reads and nobody knows. Sends nothing. */
  async missing(): Promise<readonly string[]> {
    const unknown = new Set<string>();
    const captured = this.#plan.before.flatMap(({ capture }) => capturedNames(capture));
    const known = { ...this.#variables, $uuid: '', ...Object.fromEntries(captured.map((name) => [name, ''])) };
    for (const request of [...this.#plan.before.map((step) => step.request), this.#plan.request]) {
      await outgoingOf(request, known, unknown);
    }
    return [...unknown].map((name) => name.replace(/^\$env\./, ''));
  }

  /** Sends the steps before the booking. @returns the answer that refuses, if there is one */
  async signIn(): Promise<WireReply | undefined> {
    for (const step of this.#plan.before) {
      const reply = await this.#step(step);
      if (reply.kind !== 'complete' || reply.status >= 400) return reply;
    }
    return undefined;
  }

  async #step({ request, capture }: Step): Promise<WireReply> {
    const outgoing = await this.#outgoing(request);
    let reply = await this.#send(outgoing);
    for (let hop = 0; hop < MAX_REDIRECTS && reply.kind === 'complete' && isRedirect(reply.status); hop++) {
      reply = await this.#send(pageRequest(outgoing, readable(reply)?.header('location')[0] ?? ''));
    }
    const answer = readable(reply);
    if (answer !== undefined && capture !== undefined) {
      this.#variables = { ...this.#variables, ...capturedIn(answer, capture) };
    }
    return reply;
  }

  /** Books, with a key of its own where the request has one. */
  async book(): Promise<{ readonly sent: Outgoing; readonly reply: WireReply }> {
    this.#variables = { ...this.#variables, $uuid: randomUUID() };
    const sent = await this.#outgoing(this.#plan.request);
    this.#booking = sent;
    return { sent, reply: await this.#send(sent) };
  }

  /** Asks for a page, signed in as this user. Another host is told nothing of the user. */
  async get(place: string): Promise<WireReply> {
    return this.#send(pageRequest(this.#booking ?? (await this.#outgoing(this.#plan.request)), place));
  }

  #outgoing(request: Draft): Promise<Outgoing> {
    return outgoingOf(request, { $uuid: randomUUID(), ...this.#variables }, new Set());
  }

  async #send(outgoing: Outgoing): Promise<WireReply> {
    const own = outgoing.headers.find(([name]) => name === 'cookie')?.[1];
    const cookie = this.#cookies.header(outgoing.url, own);
    const others = outgoing.headers.filter(([name]) => name !== 'cookie');
    const reply = await send({ ...outgoing, headers: cookie === undefined ? others : [...others, ['cookie', cookie]] });
    this.#cookies.learn(outgoing.url, reply);
    return reply;
  }
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400 && status !== 304;

/** A GET after this request, to a page that it or its answer names. */
function pageRequest(after: Outgoing, place: string): Outgoing {
  const url = new URL(place, after.url);
  const isSame = url.origin === new URL(after.url).origin;
  return { method: 'GET', url: url.href, headers: isSame ? headersOfPage(after.headers) : [] };
}
