import { brokenBy, type ExchangeTiming, type ReceivedAnswer, type Reply, ReplyError } from './exchange.ts';

/** A connection lost before the release is replaced at most this often. */
export const MAX_REPLACEMENTS = 100;
/** A connection that ends sooner than this is short-lived. */
export const SHORT_LIFE_MS = 10;
/** After this many short-lived connections in a row, the next one is the last: the target does not want the request. */
export const MAX_SHORT_LIVES = 5;

/** The connection that carries the request now, and how the ones before it did. */
interface ConnectionLife {
  readonly beganAtMs: number;
  /** How many connections it replaces. */
  readonly replacements: number;
  /** How many of them, counted back from this one, were short-lived. */
  readonly shortLives: number;
}

type TimingSoFar = Omit<ExchangeTiming, 'completedAtMs'>;

/** A request that has no reply yet. */
interface UnderWay<Kind extends string> {
  readonly kind: Kind;
  readonly connection: ConnectionLife;
  readonly timing: TimingSoFar;
}

/**
 * Where an exchange stands. `gathering`: nothing is sent until all others are there. `staging`: everything but the last byte is being sent; `isLetGo` means that the last byte may
 * follow without waiting. `staged`: only the last byte is missing. `leaving`: the last byte was handed to the release loop.
 * `released`: it was written. `answered` and `broken` are the ends; an answer that came in part is `broken`.
 */
export type ExchangeState =
  | Gathering
  | (UnderWay<'staging'> & { readonly isLetGo: boolean })
  | UnderWay<'staged' | 'leaving' | 'released'>
  | { readonly kind: 'answered'; readonly timing: ExchangeTiming; readonly reply: Reply & { kind: 'complete' } }
  | {
      readonly kind: 'broken';
      readonly timing: ExchangeTiming;
      readonly reply: Reply & { kind: 'partial' | 'broken' };
    };

/** A request that has no connection yet. */
interface Gathering {
  readonly kind: 'gathering';
  readonly timing: TimingSoFar;
}

type Connected = Exclude<ExchangeState, { kind: 'gathering' | 'answered' | 'broken' }>;
type Unfinished = Gathering | Connected;

/** What can happen to an exchange. Times are milliseconds on the run's clock. */
export type ExchangeEvent =
  | { readonly type: 'staged' | 'sent' | 'first-byte'; readonly atMs: number }
  | { readonly type: 'called' | 'let-go'; readonly atMs: number }
  | { readonly type: 'replied'; readonly atMs: number; readonly reply: Reply }
  | ({ readonly type: 'failed'; readonly error: Error; readonly connected: boolean } & Interruption)
  | ({ readonly type: 'timed-out'; readonly timeoutMs: number } & Interruption)
  /** `sparesReleased`: only an exchange that still waits is stopped. */
  | ({
      readonly type: 'stopped';
      readonly error: ReplyError;
      readonly sparesReleased?: boolean | undefined;
    } & Interruption);

interface Interruption {
  readonly atMs: number;
  /** What came of an answer until then; undefined if its head did not come. */
  readonly received?: ReceivedAnswer | undefined;
}

/** The state of an exchange that begins now. */
export const BEGINNING: ExchangeState = { kind: 'gathering', timing: {} };

/** The state after an event. Pure. Returns the same object where the event changes nothing. */
export function transition(state: ExchangeState, event: ExchangeEvent): ExchangeState {
  if (state.kind === 'answered' || state.kind === 'broken') return state;
  if (state.kind === 'gathering') return whileGathering(state, event);
  const { connection, timing } = state;
  switch (event.type) {
    case 'called':
      return state;
    case 'staged':
      if (state.kind !== 'staging') return state;
      return { kind: state.isLetGo ? 'leaving' : 'staged', connection, timing: { ...timing, stagedAtMs: event.atMs } };
    case 'let-go':
      if (state.kind === 'staging') return { ...state, isLetGo: true };
      return state.kind === 'staged' ? { kind: 'leaving', connection, timing } : state;
    case 'sent':
      if (state.kind !== 'leaving') return state;
      return { kind: 'released', connection, timing: { ...timing, releasedAtMs: event.atMs } };
    case 'first-byte':
      if (timing.firstByteAtMs !== undefined) return state;
      return { ...state, timing: { ...timing, firstByteAtMs: event.atMs } };
    case 'replied':
      return (isImpatient(event.reply) && replaced(state, event.atMs)) || ended(state, event.atMs, event.reply);
    case 'failed':
      return (
        (isReplaceable(state, event) && replaced(state, event.atMs)) ||
        ended(state, event.atMs, brokenBy(event.error, event.connected, event.received))
      );
    case 'timed-out':
      return ended(state, event.atMs, brokenBy(tooLate(state, event.timeoutMs), true, event.received));
    case 'stopped':
      if (event.sparesReleased && ['leaving', 'released'].includes(state.kind)) return state;
      return ended(state, event.atMs, brokenBy(event.error, true, event.received));
  }
}

function whileGathering(state: Gathering, event: ExchangeEvent): ExchangeState {
  switch (event.type) {
    case 'called':
    case 'let-go': {
      const connection = { beganAtMs: event.atMs, replacements: 0, shortLives: 0 };
      return { kind: 'staging', connection, timing: state.timing, isLetGo: event.type === 'let-go' };
    }
    case 'stopped':
      return ended(state, event.atMs, brokenBy(event.error, true));
    case 'staged':
    case 'sent':
    case 'first-byte':
    case 'replied':
    case 'failed':
    case 'timed-out':
      return state;
  }
}

/** The target would not wait for the rest of the request, and says so before it closes (RFC 9110, 15.5.9). */
const isImpatient = (reply: Reply): boolean => reply.kind === 'complete' && reply.status === 408;

/** A connection is replaced only if it existed, carried no part of an answer, and was not ended by the gate. */
const isReplaceable = ({ timing }: Connected, { error, connected }: ExchangeEvent & { type: 'failed' }): boolean =>
  connected && timing.firstByteAtMs === undefined && !(error instanceof ReplyError);

/** The request on a new connection; undefined once released, or after too many replacements. */
function replaced(state: Connected, atMs: number): ExchangeState | undefined {
  const { kind, connection, timing } = state;
  const shortLives = atMs - connection.beganAtMs < SHORT_LIFE_MS ? connection.shortLives + 1 : 0;
  const replacements = connection.replacements + 1;
  if (kind === 'released' || shortLives > MAX_SHORT_LIVES || replacements > MAX_REPLACEMENTS) return undefined;
  const { firstByteAtMs: _, ...timingSoFar } = timing;
  return {
    kind: 'staging',
    connection: { beganAtMs: atMs, replacements, shortLives },
    timing: timingSoFar,
    isLetGo: kind === 'leaving' || (kind === 'staging' && state.isLetGo),
  };
}

const tooLate = ({ kind }: Connected, timeoutMs: number): ReplyError =>
  kind === 'released'
    ? new ReplyError('timeout', `no answer within ${timeoutMs} ms`)
    : new ReplyError('unreachable', `the request could not be sent within ${timeoutMs} ms`);

function ended({ timing }: Unfinished, completedAtMs: number, reply: Reply): ExchangeState {
  const whole = { ...timing, completedAtMs };
  return reply.kind === 'complete'
    ? { kind: 'answered', timing: whole, reply }
    : { kind: 'broken', timing: whole, reply };
}
