import type { Holder } from './exchange.ts';

/** The held requests of a gate that are in flight: released, and not answered yet. */
export class HeldTraffic {
  readonly #inFlight = new Set<Holder>();
  #waiting: (() => void)[] = [];

  /** The same holder, whose request counts while it is in flight. */
  watched(holder: Holder): Holder {
    const watched: Holder = {
      ...holder,
      released: () => {
        this.#inFlight.add(watched);
        holder.released?.();
      },
      done: (exchange) => {
        holder.done(exchange);
        this.#inFlight.delete(watched);
        if (this.#inFlight.size === 0) this.#wake();
      },
    };
    return watched;
  }

  /**
   * Resolves once no request is in flight, but after `maxWaitMs` at the latest: a target may answer one contender only after
   * what another one does next.
   */
  over(maxWaitMs: number): Promise<void> {
    if (this.#inFlight.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, maxWaitMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
