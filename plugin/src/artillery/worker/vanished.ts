import type { RequestParams } from '../shared/artillery.ts';
import type { Contender } from './contender.ts';
import type { RecordedProblem } from './recorder.ts';

const NEVER_RACED = 'ended without a raced request';
/** The recorder cuts it once more, when no secret can be cut in half. */
const MAX_ANSWER = 4096;

/** A virtual user that is on its way to the race, or in it. */
export interface Traveller {
  readonly vu: number;
  readonly contender: Contender;
  /** Its latest request, and the step of the flow that it belongs to. */
  request?: RequestParams;
  step?: string | undefined;
  /** The step that failed, and so ended it. */
  failedStep?: string | undefined;
  /** The last answer that Artillery read for it, and the request that it answers. */
  answer?: { readonly request: RequestParams; readonly text: string };
}

/** Where virtual users that end too early are put down. */
export interface Register {
  /** Puts a problem into the history. */
  readonly problem: (problem: RecordedProblem) => void;
  /**
   * The number of virtual users that ended because of an error grew by one, before anybody was released.
   *
   * @returns true if too few are left for a race; then the run is about to end
   */
  readonly isOver: () => boolean;
}

/**
 * A virtual user ended before it was through with the race. That is a problem in the history, with its reason: a run in which
 * contenders are missing must say where they are. The others no longer wait for it.
 *
 * Nothing is said of one that was through, or that the end of the race stopped.
 */
export function putDown(traveller: Traveller, error: Error | undefined, { problem, isOver }: Register): void {
  const { vu, contender, request, answer, failedStep: step } = traveller;
  const isEarly = !contender.isThrough && !contender.isStopped;
  if (isEarly && error === undefined && !contender.hasRaced) problem({ reason: NEVER_RACED, vu });
  if (isEarly && error !== undefined) {
    problem({
      reason: firstLineOf(error.message),
      ...(step !== undefined && { step }),
      vu,
      ...(answer !== undefined &&
        answer.request === request &&
        step === traveller.step && { answer: firstLineOf(answer.text) }),
      ended: contender.hasRaced ? 'during the race' : 'before the race',
    });
    // Whoever is left waits until the run ends: alone, it must not be let go.
    if (isOver()) return;
  }
  contender.leave();
}

/** The beginning of an answer, as a problem shows it. A copy: a slice would keep the whole body in memory. */
export const answerText = (status: number, body: string): string =>
  Buffer.from(`${status} ${body.slice(0, MAX_ANSWER).replace(/\s+/g, ' ').trim()}`.trim()).toString();

const firstLineOf = (text: string): string => text.trim().split('\n', 1)[0] ?? '';

/**
 * The step of a request, such as `POST /login`, as it is written: what templates put in differs from one virtual user to the
 * next. Without the query and without credentials.
 */
export function stepOf({ method = 'GET', url, uri }: RequestParams, target: string): string {
  const written = String(url ?? uri ?? '').replace(/^\{\{\s*target\s*\}\}/, '');
  const path = written.startsWith(target) ? written.slice(target.length) : written;
  return `${method} ${path.replace(/[?#].*$/s, '').replace(/\/\/[^@/]*@/, '//') || '/'}`;
}
