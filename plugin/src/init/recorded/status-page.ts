import type { Capture, CapturedRequest } from '../capture.ts';
import { pathOf } from '../formats/urls.ts';
import { settlesStep } from '../settles-step.ts';
import type { SuitePlan } from '../suite.ts';
import { around, headerOf, leavesOfAnswer } from './answers.ts';

/** A page that was asked again and again after a 202, and what its last answer says. */
export interface RecordedStatusPage {
  readonly capture: Readonly<Record<string, unknown>>;
  readonly url: string;
  readonly success: Readonly<Record<string, unknown>>;
}

/** The status page that an input shows after the booking; undefined where it does not show how the page tells the end. */
export function recordedStatusPage(capture: Capture, booking: CapturedRequest): RecordedStatusPage | undefined {
  if (booking.answer?.status !== 202) return undefined;
  const gets = around(capture, booking).later.filter(({ method }) => method === 'GET');
  for (const link of linksOf(booking)) {
    const polls = gets.filter(({ url }) => link.leadsTo(url));
    const success = successOf(polls);
    const [poll] = polls;
    if (poll !== undefined && success !== undefined)
      return { capture: link.capture, url: link.template(poll.url), success };
  }
  return undefined;
}

interface Link {
  readonly capture: Readonly<Record<string, unknown>>;
  leadsTo(url: string): boolean;
  /** The URL as a suite writes it. */
  template(url: string): string;
}

/** A URL in a header or in the body, else an id that stands in the URL. */
function linksOf(booking: CapturedRequest): Link[] {
  const whole = (text: string, capture: Readonly<Record<string, unknown>>): Link => ({
    capture: { ...capture, as: 'statusPage' },
    leadsTo: (url) => URL.parse(text, booking.url)?.href === URL.parse(url)?.href,
    template: () => '{{ statusPage }}',
  });
  const location = headerOf(booking.answer?.headers ?? [], 'location');
  const leaves = leavesOfAnswer(booking);
  const urls = leaves.filter(({ value }) => typeof value === 'string' && /^(?:https?:\/)?\/\S+$/.test(value));
  const ids = leaves.filter(({ value }) => String(value).length >= 2 && /^[\w.-]+$/.test(String(value)));
  return [
    ...(location === undefined ? [] : [whole(location, { header: 'location' })]),
    ...urls.map(({ path, value }) => whole(String(value), { json: path })),
    ...ids.map(({ path, value }) => ({
      capture: { json: path, as: 'orderId' },
      leadsTo: (url: string) => pathOf(url).split('/').includes(String(value)),
      template: (url: string) =>
        pathOf(url)
          .split('/')
          .map((part) => (part === String(value) ? '{{ orderId }}' : part))
          .join('/'),
    })),
  ];
}

const STATE = /(?:^|_)(?:status|state|phase|result|outcome)$/i;
const PENDING = /pending|progress|processing|queued|waiting|running|accepted|new|created/i;

/** How the last answer differs from those before it. */
function successOf(polls: readonly CapturedRequest[]): Readonly<Record<string, unknown>> | undefined {
  const last = polls.at(-1);
  if (last?.answer === undefined) return undefined;
  const first = polls.length > 1 ? polls[0] : undefined;
  const before = new Map(first === undefined ? [] : leavesOfAnswer(first).map(({ path, value }) => [path, value]));
  const states = leavesOfAnswer(last).filter(
    ({ path, name, value }) =>
      STATE.test(name) && typeof value === 'string' && before.get(path) !== value && !PENDING.test(value),
  );
  const [state] = states;
  if (state !== undefined) return { body: { [state.path]: state.value } };
  const isOther = first?.answer !== undefined && first.answer.status !== last.answer.status && last.answer.status < 400;
  return isOther ? { status: [last.answer.status] } : undefined;
}

/** The suite with the status page behind its raced request. */
export function withStatusPage(plan: SuitePlan, { capture, url, success }: RecordedStatusPage): SuitePlan {
  return {
    ...plan,
    race: { ...plan.race, outcome: { settled: { success } } },
    capture,
    after: [settlesStep(plan, { url, everyMs: 200, withinMs: 10_000 })],
  };
}
