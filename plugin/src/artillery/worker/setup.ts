/**
 * Whether the requests that prepare a round have worked. A round may need several; the first one after a raced request begins
 * the preparation of the next round.
 */
export class Setup {
  #isBroken = false;
  #hasRaced = false;

  /** A request that prepares a round was answered. */
  prepared(isFine: boolean): void {
    if (this.#hasRaced) this.#isBroken = false;
    this.#hasRaced = false;
    this.#isBroken ||= !isFine;
  }

  /** @returns whether the round may be raced */
  raced(): boolean {
    this.#hasRaced = true;
    return !this.#isBroken;
  }
}
