import {
  type Exchange,
  type Holder,
  type OutgoingRequest,
  type ReceivedAnswer,
  type Reply,
  ReplyError,
} from './exchange.ts';
import { BEGINNING, type ExchangeEvent, type ExchangeState, transition } from './exchange-state.ts';

export interface ExchangeOptions {
  /** Milliseconds on the run's monotonic clock. */
  readonly now: () => number;
  /**
   * How long the complete answer may take, in milliseconds from the release. Staging may take as long: a target that does
   * not take everything but the last byte in that time is unreachable.
   */
  readonly timeoutMs: number;
  /** The body of an answer is read up to this; the rest of a larger one is given up as unreadable. */
  readonly maxBodyBytes: number;
}

/** Sends the last byte before the event loop goes on, together with all others released in this turn; calls `sent` then. */
export type SendLast = (sent: (atMs: number) => void) => void;

/** What a transport reports about a request that it sends. */
export interface SendEvents {
  /** Everything but the last byte is out. */
  staged(sendLast: SendLast): void;
  /** The head of an answer came. `received` tells what has come of the answer so far; undefined if it is no answer. */
  firstByte(received: () => ReceivedAnswer | undefined): void;
  replied(reply: Reply): void;
  /** `connected`: whether there was a connection to break. */
  failed(error: NodeJS.ErrnoException, connected: boolean): void;
}

/**
 * Sends everything but the last byte of one request, over HTTP/1.1 or HTTP/2.
 *
 * @returns a function that breaks it off; no event follows after that
 */
export type Send = (request: OutgoingRequest, events: SendEvents) => () => void;

/** Ends an exchange early. `sparesReleased`: only if it was not released yet; default: in any case. */
export type Stop = (error: ReplyError, sparesReleased?: boolean) => void;

/**
 * Conducts one exchange from staging to the end, over any transport. {@link transition} decides; here is what each state
 * does to the wire, the deadline and the holder.
 *
 * @returns a function that ends the exchange early
 */
export function conduct(
  request: OutgoingRequest,
  holder: Holder,
  { now, timeoutMs }: ExchangeOptions,
  send: Send,
  done: (exchange: Exchange) => void,
): Stop {
  let state = BEGINNING;
  let breakOff: () => void = () => {};
  let sendLast: SendLast = () => {};
  let deadline: NodeJS.Timeout | undefined;
  let receivedSoFar: () => ReceivedAnswer | undefined = () => undefined;

  const on = (event: ExchangeEvent): void => {
    const before = state;
    state = transition(before, event);
    if (isEntered(state, before)) enter(state, before);
  };
  const startDeadline = (): void => {
    deadline = setTimeout(
      () => on({ type: 'timed-out', atMs: now(), received: receivedSoFar(), timeoutMs }),
      timeoutMs,
    );
  };
  const release = (): void => on({ type: 'let-go', atMs: now() });
  const sent = (atMs: number): void => on({ type: 'sent', atMs });

  const stage = (): void => {
    startDeadline();
    receivedSoFar = () => undefined;
    const events: SendEvents = {
      staged(sendIt) {
        sendLast = sendIt;
        on({ type: 'staged', atMs: now() });
      },
      firstByte(received) {
        receivedSoFar = received;
        on({ type: 'first-byte', atMs: now() });
      },
      replied: (reply) => on({ type: 'replied', atMs: now(), reply }),
      failed: (error, connected) => on({ type: 'failed', atMs: now(), received: receivedSoFar(), error, connected }),
    };
    try {
      breakOff = send(request, events);
    } catch (error) {
      events.failed(unsendable(error), false);
    }
  };

  const enter = (entered: ExchangeState, before: ExchangeState) => {
    clearTimeout(deadline);
    switch (entered.kind) {
      case 'gathering':
        return;
      case 'staging':
        breakOff();
        if (before.kind === 'staged') holder.withdrawn?.();
        return stage();
      case 'staged':
        return holder.staged(release);
      case 'leaving':
        return sendLast(sent);
      case 'released':
        startDeadline();
        return holder.released?.();
      case 'answered':
      case 'broken':
        // A target that answered without the last byte would read it as the start of the next request.
        if (!isKept(entered.reply, holder) || before.kind !== 'released') breakOff();
        return conclude(holder, { request, timing: entered.timing, reply: forHolder(entered.reply, holder) }, done);
    }
  };
  const called = (): void => on({ type: 'called', atMs: now() });
  if (holder.gather === undefined) called();
  else holder.gather(called, release);
  return (error, sparesReleased) =>
    on({ type: 'stopped', atMs: now(), received: receivedSoFar(), error, sparesReleased });
}

/** Whether the connection is kept: for another request, or for the rest of a large answer. */
const isKept = (reply: Reply, { takesRest = false }: Holder): boolean =>
  reply.kind === 'complete' || (reply.kind === 'partial' && reply.rest !== undefined && takesRest);

/** The rest of a large answer is a stream. For a holder that does not take it, that is closed by now. */
function forHolder(reply: Reply, { takesRest = false }: Holder): Reply {
  if (takesRest || reply.kind !== 'partial' || reply.rest === undefined) return reply;
  const { rest: _, ...kept } = reply;
  return kept;
}

/** Whether the exchange entered a state, rather than noted a time in it. A new connection enters `staging` once more. */
const isEntered = (state: ExchangeState, before: ExchangeState): boolean =>
  state.kind !== before.kind ||
  (state.kind === 'staging' && before.kind === 'staging' && state.connection !== before.connection);

/** Tells the holder and the caller about the end, once the holder has time for it. */
function conclude(holder: Holder, exchange: Exchange, done: (exchange: Exchange) => void): void {
  const tell = () => {
    holder.done(exchange);
    done(exchange);
  };
  if (holder.whenQuiet === undefined) tell();
  else holder.whenQuiet(tell);
}

/** Node refuses to write some requests, such as one with a space in its path. */
const unsendable = (error: unknown): ReplyError =>
  new ReplyError('unreachable', `it cannot be sent: ${(error as Error).message}`);
