import { printable } from '../../../reports/index.ts';
import { InputError } from '../config/index.ts';
import type { Asker } from './ask.ts';
import type { Capture, CapturedRequest, Choice } from './capture.ts';
import { pathOf } from './formats/urls.ts';
import { type Ranked, rankBookings } from './rank.ts';

/** The request that books, and why it was taken. */
export interface Booking {
  readonly request: CapturedRequest;
  /** To follow "because"; absent where the user named it, or there is no other. */
  readonly because?: string;
}

/** A name of one request, or a list from which somebody has to choose. */
const MAX_LISTED = 15;

/**
 * The request that books: the one that `--request` or `--operation` names, else the one that looks like it. Of several that
 * look like it, the user chooses.
 *
 * @throws InputError if there is no such request, if it books nothing, or if several may be meant and nobody can be asked
 */
export async function bookingRequest(capture: Capture, choice: Choice, asker: Asker): Promise<Booking> {
  const wanted = choice.operation ?? choice.request;
  const flag =
    choice.operation !== undefined || (choice.request === undefined && capture.format === 'openapi')
      ? '--operation'
      : '--request';
  if (wanted !== undefined) return { request: requestCalled(wanted, capture, flag) };
  const ranked = rankBookings(capture);
  const [first, second] = ranked;
  if (first === undefined) {
    const [{ name } = { name: 'the input' }] = capture.requests;
    const which =
      capture.requests.length === 1 ? printable(name, 100) : `the ${capture.requests.length} requests of the input`;
    throw new InputError(`${which}: books nothing: copy the request that books, which is a POST or a PUT`);
  }
  if (second === undefined) return { request: first.request };
  if (isClear(ranked)) return { request: best(ranked), because: first.because };
  const rivals = first.points > 0 ? ranked.filter(({ points }) => points === first.points) : ranked;
  const choices = rivals.slice(0, MAX_LISTED).map(({ request }) => shownName(request, capture));
  const text = 'Several requests may book; which one does';
  return asker.ask({ text, flag, choices }, (answer) => ({ request: requestCalled(answer, capture, flag) }));
}

/** The best is clear where the next one is worse, or is the same request once more. */
function isClear(ranked: readonly Ranked[]): boolean {
  const [first] = ranked;
  if (first === undefined || first.points <= 0) return false;
  const rivals = ranked.filter(({ points }) => points === first.points);
  return rivals.every(({ request }) => isSameOperation(request, first.request));
}

const isSameOperation = (a: CapturedRequest, b: CapturedRequest): boolean =>
  a.method === b.method && pathOf(a.url) === pathOf(b.url);

/** Of the same request sent several times, the first that succeeded. */
function best(ranked: readonly Ranked[]): CapturedRequest {
  const [first] = ranked as readonly [Ranked, ...Ranked[]];
  const same = ranked.filter(({ request }) => isSameOperation(request, first.request));
  const granted = same.find(({ request: { answer } }) => answer !== undefined && answer.status < 400);
  return (granted ?? first).request;
}

function requestCalled(wanted: string, capture: Capture, flag: string): CapturedRequest {
  const { requests } = capture;
  const exact = requests.filter(({ name, alsoCalled = [] }) => name === wanted || alsoCalled.includes(wanted));
  const named = exact.length > 0 ? exact : requests.filter((request) => isCalled(request, wanted));
  const [first, second] = named.filter(({ method }) => !/^(?:GET|HEAD|OPTIONS|TRACE)$/.test(method));
  if (named[0] === undefined) {
    const likely = rankBookings(capture).map(({ request }) => request);
    throw new InputError(`${flag}: there is no "${printable(wanted, 60)}"; there are:${listed(likely, capture)}`);
  }
  if (first === undefined) {
    throw new InputError(`${flag}: ${printable(named[0].name, 100)} books nothing: a ${named[0].method} only reads`);
  }
  if (second === undefined || named.every((request) => isSameOperation(request, first))) return first;
  throw new InputError(
    `${flag}: "${printable(wanted, 60)}" stands for several; name one of them:${listed(named, capture)}`,
  );
}

/** By method and path, in any case: `post /orders`, `POST:/orders`. */
function isCalled({ name, alsoCalled = [], method, url }: CapturedRequest, wanted: string): boolean {
  const spoken = wanted
    .trim()
    .replace(/[\s:]+(?=\/)/, ' ')
    .toLowerCase();
  return [name, ...alsoCalled, `${method} ${pathOf(url)}`].some((one) => one.toLowerCase() === spoken);
}

/** The shortest name that no other request has. */
function shownName(request: CapturedRequest, { requests }: Capture): string {
  const names = [request.name, ...(request.alsoCalled ?? []).toReversed()];
  const own = names.find((name) =>
    requests.every((other) => other === request || (other.name !== name && !(other.alsoCalled ?? []).includes(name))),
  );
  return printable(own ?? request.name, 100);
}

const listed = (requests: readonly CapturedRequest[], capture: Capture): string =>
  [...new Set(requests.map((request) => shownName(request, capture)))]
    .slice(0, MAX_LISTED)
    .map((name) => `\n  ${name}`)
    .join('');
