import { AsyncLocalStorage } from 'node:async_hooks';
import { mask, secretsOf } from '../../recording/index.ts';
import type { Metrics, RequestParams } from '../shared/artillery.ts';
import type { Contender } from './contender.ts';
import type { RecordedProblem } from './recorder.ts';

const MAX_REASON = 300;

/** A virtual user that is on its way to the race, or in it. */
export interface Traveller {
  readonly vu: number;
  readonly contender: Contender;
  /** Its latest request, and the step of the flow that it belongs to. */
  request?: RequestParams;
  step?: string;
  /** It has ended early, and the history says so. */
  hasVanished?: boolean;
}

/**
 * Virtual users that end before they are through with the race. Each is a problem in the history, with its reason: a run in
 * which contenders are missing must say where they are.
 */
export interface Vanished {
  /** The virtual user begins in this asynchronous context, and everything that it does later belongs to it. */
  begin(traveller: Traveller, events: Metrics): void;
  /** It ended because of this; the others no longer wait for it. Nothing is said of one that was through, or that the end of the race stopped. */
  because(traveller: Traveller, reason: string, step?: string): void;
}

/**
 * Artillery ends a virtual user at its first error, and runs no hook of it unless a request failed on the wire: not where a
 * capture found nothing, nor where a function failed. But it emits each such error, in the context of the virtual user.
 */
export function createVanished(problem: (problem: RecordedProblem) => void): Vanished {
  const current = new AsyncLocalStorage<Traveller>();
  const heard = new WeakSet<Metrics>();

  const because = (traveller: Traveller, reason: string, step?: string): void => {
    const { vu, contender, request, hasVanished } = traveller;
    contender.leave();
    if (hasVanished || contender.isThrough || contender.isStopped) return;
    traveller.hasVanished = true;
    problem({ reason: withoutSecrets(reason, request), ...(step !== undefined && { step }), vu });
  };

  const failed = (error: unknown): void => {
    const traveller = current.getStore();
    const reason = String(error);
    if (traveller === undefined || GOES_ON.test(reason)) return;
    because(traveller, reason, reason === FAILED_CAPTURE ? traveller.step : undefined);
  };

  return {
    begin(traveller, events) {
      current.enterWith(traveller);
      if (heard.has(events)) return;
      heard.add(events);
      events.on?.('error', failed);
    },
    because,
  };
}

/** Artillery's words where what a request should capture was not in its answer. */
const FAILED_CAPTURE = 'Failed capture or match';
/** Errors after which Artillery goes on with the virtual user. */
const GOES_ON = /^(Undefined function |cookie_parse_error)/;

function withoutSecrets(reason: string, { headers = {}, json, body }: RequestParams = {}): string {
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const sent = json === undefined ? String(body ?? '') : JSON.stringify(json);
  const [line = ''] = reason.trim().split('\n');
  return mask(line, secretsOf({ headers: texts, body: Buffer.from(sent) })).slice(0, MAX_REASON);
}

/**
 * The step of a request, such as `POST /login`, as it is written: what templates put in differs from one virtual user to the
 * next. Without the query and without credentials.
 */
export function stepOf({ method = 'GET', url, uri }: RequestParams, target: string): string {
  const written = String(url ?? uri ?? '').replace(/^\{\{\s*target\s*\}\}/, '');
  const path = written.startsWith(target) ? written.slice(target.length) : written;
  return `${method} ${path.replace(/[?#].*$/s, '').replace(/\/\/[^@/]*@/, '//') || '/'}`;
}
