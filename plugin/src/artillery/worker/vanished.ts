import { mask, secretsOf } from '../../recording/index.ts';
import type { RequestParams } from '../shared/artillery.ts';
import type { Contender } from './contender.ts';
import type { RecordedProblem } from './recorder.ts';

const MAX_REASON = 300;

/** A virtual user that is on its way to the race, or in it. */
export interface Traveller {
  readonly vu: number;
  readonly contender: Contender;
  /** Its latest request, and the step of the flow that it belongs to. */
  request?: RequestParams;
  step?: string | undefined;
  /** The step that failed, and so ended it. */
  failedStep?: string | undefined;
  /** It has ended early, and the history says so. */
  hasVanished?: boolean;
}

/**
 * Virtual users that end before they are through with the race. Each is a problem in the history, with its reason: a run in
 * which contenders are missing must say where they are.
 */
export interface Vanished {
  /** It ended because of this; the others no longer wait for it. Nothing is said of one that was through, or that the end of the race stopped. */
  because(traveller: Traveller, reason: string, step?: string): void;
}

export function createVanished(problem: (problem: RecordedProblem) => void): Vanished {
  return {
    because(traveller, reason, step) {
      const { vu, contender, request, hasVanished } = traveller;
      contender.leave();
      if (hasVanished || contender.isThrough || contender.isStopped) return;
      traveller.hasVanished = true;
      problem({ reason: withoutSecrets(reason, request), ...(step !== undefined && { step }), vu });
    },
  };
}

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
