/** So long without any answer, in milliseconds, and requests in flight may wait for a worker of the target. */
export const STALL_MS = 250;
/** An answer that comes so soon after idle connections were closed came because of it. */
export const HELPED_MS = 100;

export interface StallOptions {
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  /** Closes connections that no request uses. Returns how many there were. */
  readonly closeIdle: () => number;
  /** From now on, a connection is closed after its answer. */
  readonly keepNone: () => void;
}

/**
 * A target with blocking workers serves one connection at a time, also while no request comes on it. Then idle connections keep
 * the workers from the requests in flight, until the target loses patience. Where nobody is answered for a while, idle
 * connections are closed; where that helps, none are kept any more.
 */
export class StallWatch {
  readonly #options: StallOptions;
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #closedAtMs = -Infinity;

  constructor(options: StallOptions) {
    this.#options = options;
  }

  /** A request is whole on the wire. */
  sent(): void {
    this.#inFlight += 1;
    this.#restart();
  }

  /** A request that was sent is over. */
  ended(): void {
    const { now, keepNone } = this.#options;
    this.#inFlight -= 1;
    if (now() - this.#closedAtMs < HELPED_MS) keepNone();
    this.#restart();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #restart(): void {
    clearTimeout(this.#timer);
    if (this.#inFlight > 0) this.#timer = setTimeout(() => this.#closeIdle(), STALL_MS);
  }

  #closeIdle(): void {
    const { now, closeIdle } = this.#options;
    if (closeIdle() > 0) this.#closedAtMs = now();
  }
}
