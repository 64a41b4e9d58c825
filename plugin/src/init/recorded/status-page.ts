import type { Capture, CapturedRequest } from '../capture.ts';
import { pathOf } from '../formats/urls.ts';
import { REFUSED_STATE, REFUSING } from '../probe/names.ts';
import { settlesStep } from '../settles-step.ts';
import type { SuitePlan } from '../suite.ts';
import { around, headerOf, leavesOfAnswer } from './answers.ts';

/** A page that was asked again and again after a 202, and what its last answers say. */
export interface RecordedStatusPage {
  readonly capture: Readonly<Record<string, unknown>>;
  readonly url: string;
  readonly success: Condition;
  /** Absent where no recorded booking was refused. */
  readonly refusal?: Condition;
}

type Condition = Readonly<Record<string, unknown>>;

/** The status page that an input shows after the booking; undefined where it does not show how the page says yes. */
export function recordedStatusPage(capture: Capture, booking: CapturedRequest): RecordedStatusPage | undefined {
  const page = pageAfter(capture, booking);
  if (page === undefined) return undefined;
  const same = capture.requests.filter(
    ({ method, url }) => method === booking.method && pathOf(url) === pathOf(booking.url),
  );
  const ends = same.map((one) => pageAfter(capture, one)?.end);
  const [success, refusal] = [false, true].map((wanted) => ends.find((end) => end?.isRefusal === wanted)?.condition);
  if (success === undefined) return undefined;
  return { capture: page.capture, url: page.url, success, ...(refusal !== undefined && { refusal }) };
}

/** What the page of one booking said in the end. */
interface End {
  readonly condition: Condition;
  readonly isRefusal: boolean;
}

function pageAfter(capture: Capture, booking: CapturedRequest) {
  if (booking.answer?.status !== 202) return undefined;
  const gets = around(capture, booking).later.filter(({ method }) => method === 'GET');
  for (const link of linksOf(booking)) {
    const polls = gets.filter(({ url }) => link.leadsTo(url));
    const end = endOf(polls);
    const [poll] = polls;
    if (poll !== undefined && end !== undefined) return { capture: link.capture, url: link.template(poll.url), end };
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
function endOf(polls: readonly CapturedRequest[]): End | undefined {
  const last = polls.at(-1);
  if (last?.answer === undefined) return undefined;
  const first = polls.length > 1 ? polls[0] : undefined;
  const before = new Map(first === undefined ? [] : leavesOfAnswer(first).map(({ path, value }) => [path, value]));
  const [state] = leavesOfAnswer(last).filter(
    ({ path, name, value }) =>
      STATE.test(name) && typeof value === 'string' && before.get(path) !== value && !PENDING.test(value),
  );
  const { status } = last.answer;
  if (state !== undefined) {
    return { condition: { body: { [state.path]: state.value } }, isRefusal: isRefusal(String(state.value)) };
  }
  const isOther = first?.answer !== undefined && first.answer.status !== status;
  return isOther && status !== 404 && status < 500
    ? { condition: { status: [status] }, isRefusal: status >= 400 }
    : undefined;
}

const isRefusal = (word: string): boolean => REFUSED_STATE.test(word) || REFUSING.test(word.replace(/[_-]/g, ' '));

/** The suite with the status page behind its raced request. */
export function withStatusPage(plan: SuitePlan, { capture, url, success, refusal }: RecordedStatusPage): SuitePlan {
  const settled = { success, ...(refusal !== undefined && { refusal }) };
  return {
    ...plan,
    race: { ...plan.race, outcome: { settled } },
    capture,
    after: [settlesStep(plan, { url, everyMs: 200, withinMs: 10_000 })],
  };
}
