import {
  brokenBy,
  type Exchange,
  type ExchangeTiming,
  type Holder,
  type OutgoingRequest,
  type Reply,
  ReplyError,
} from './exchange.ts';

/** A connection that went away before the release is replaced, this often at the most, … */
const MAX_RESTAGES = 100;
/** … but a target that closes every connection within this time, */
const SHORT_LIFE_MS = 10;
/** this often in a row, does not want the request. */
const MAX_SHORT_LIVES = 5;

export interface ExchangeOptions {
  /** Milliseconds on the run's monotonic clock. */
  readonly now: () => number;
  /**
   * Deadline of the complete answer, in milliseconds from the release; and, before that, of the connection: a target that
   * cannot take all but the last byte within this time is unreachable.
   */
  readonly timeoutMs: number;
  /** A larger answer is given up as unreadable. */
  readonly maxBodyBytes: number;
}

/** What a transport tells of a request that it sends. */
export interface SendEvents {
  /**
   * All but the last byte is out. `sendLast` has the rest sent, together with that of all others whose turn it is, before
   * the event loop goes on; once all of it has left, it tells `sent` when this one did.
   */
  staged(sendLast: (sent: (atMs: number) => void) => void): void;
  firstByte(): void;
  replied(reply: Reply): void;
  /** `connected`: whether there was a connection to break. */
  failed(error: NodeJS.ErrnoException, connected: boolean): void;
}

/**
 * Sends one request but for its last byte, over HTTP/1.1 or HTTP/2.
 *
 * @returns how to break it off; nothing is told after that
 */
export type Send = (request: OutgoingRequest, events: SendEvents) => () => void;

/** The target would not wait for the rest of the request, and says so before it closes (RFC 9110, 15.5.9). */
const isImpatient = (reply: Reply): boolean => reply.kind === 'complete' && reply.status === 408;

/**
 * One exchange from staging to its end, over any transport: it replaces a connection that went away before the release,
 * keeps the times and the deadline, and tells the holder.
 *
 * @returns a function that ends it early
 */
export function conduct(
  request: OutgoingRequest,
  holder: Holder,
  options: ExchangeOptions,
  send: Send,
  done: (exchange: Exchange) => void,
): (error: ReplyError) => void {
  const timing: { -readonly [K in keyof ExchangeTiming]?: ExchangeTiming[K] } = {};
  let restages = 0;
  let shortLives = 0;
  let begunAtMs = 0;
  let released = false;
  let finished = false;
  let sendLast: ((sent: (atMs: number) => void) => void) | undefined;
  let breakOff: () => void = () => {};
  let deadline: NodeJS.Timeout | undefined;

  const finish = (reply: Reply) => {
    if (finished) return;
    finished = true;
    clearTimeout(deadline);
    // A target that answered without waiting for the last byte would take it for the start of the next request.
    if (timing.releasedAtMs === undefined) breakOff();
    const exchange: Exchange = { request, timing: { ...timing, completedAtMs: options.now() }, reply };
    const conclude = () => {
      holder.done(exchange);
      done(exchange);
    };
    if (holder.whenQuiet === undefined) conclude();
    else holder.whenQuiet(conclude);
  };

  const stop = (error: ReplyError) => {
    if (finished) return;
    finish(brokenBy(error, true));
    breakOff();
  };

  const awaitAnswer = () => {
    if (finished) return;
    holder.released?.();
    deadline = setTimeout(
      () => stop(new ReplyError('timeout', `no answer within ${options.timeoutMs} ms`)),
      options.timeoutMs,
    );
  };

  const sent = (atMs: number) => {
    timing.releasedAtMs = atMs;
    awaitAnswer();
  };

  const release = () => {
    released = true;
    if (finished || sendLast === undefined) return;
    sendLast(sent);
    sendLast = undefined;
  };

  const stage = () => {
    begunAtMs = options.now();
    clearTimeout(deadline);
    deadline = setTimeout(
      () => stop(new ReplyError('unreachable', `the request could not be sent within ${options.timeoutMs} ms`)),
      options.timeoutMs,
    );
    breakOff = send(request, {
      staged(its) {
        if (finished) return;
        clearTimeout(deadline);
        sendLast = its;
        timing.stagedAtMs = options.now();
        if (released) release();
        else holder.staged(release);
      },
      firstByte() {
        timing.firstByteAtMs ??= options.now();
      },
      replied(reply) {
        if (finished || (isImpatient(reply) && restage())) return;
        finish(reply);
      },
      failed(error, connected) {
        if (finished) return;
        const isReplaceable = connected && timing.firstByteAtMs === undefined && !(error instanceof ReplyError);
        if (!isReplaceable || !restage()) finish(brokenBy(error, connected));
      },
    });
  };

  /** @returns whether it is: not after the release, nor for ever */
  const restage = (): boolean => {
    shortLives = options.now() - begunAtMs < SHORT_LIFE_MS ? shortLives + 1 : 0;
    restages += 1;
    if (timing.releasedAtMs !== undefined || shortLives > MAX_SHORT_LIVES || restages > MAX_RESTAGES) return false;
    breakOff();
    if (sendLast !== undefined) holder.withdrawn?.();
    sendLast = undefined;
    delete timing.firstByteAtMs;
    stage();
    return true;
  };

  stage();
  return stop;
}
