/** How many members are expected: those that were seen, and those that may still come. */
export class Members {
  /** Members that were seen and are expected again. */
  readonly #seen = new Set<number>();
  readonly #left = new Set<number>();
  readonly #parties: number;
  /** How many expected members were never seen. */
  #unseen: number;
  /** How many members may come beyond the parties. Each takes the place of one that leaves. */
  #spare: number;

  /** @param all how many members there are, if that is known; default: as many as parties */
  constructor(parties: number, all = parties) {
    this.#parties = parties;
    this.#unseen = parties;
    this.#spare = Math.max(0, all - parties);
  }

  get expected(): number {
    return this.#seen.size + this.#unseen;
  }

  /** The member is here, whatever it did before: it is expected from now on. */
  see(member: number): void {
    if (this.#seen.has(member)) return;
    this.#seen.add(member);
    // One that had left took its own place away, so it must not take the place of a member that has yet to come.
    if (this.#left.delete(member)) return;
    if (this.#unseen > 0) this.#unseen -= 1;
    else this.#spare = Math.max(0, this.#spare - 1);
  }

  /** The member does not come back. @returns false if it had left before */
  leave(member: number): boolean {
    if (this.#left.has(member)) return false;
    this.#left.add(member);
    if (!this.#seen.delete(member)) this.#unseen = Math.max(0, this.#unseen - 1);
    if (this.#spare > 0 && this.expected < this.#parties) {
      this.#spare -= 1;
      this.#unseen += 1;
    }
    return true;
  }

  /** Nobody but these is expected, until they are seen again. */
  expectOnly(members: Iterable<number>): void {
    this.#unseen = 0;
    this.#spare = 0;
    this.#seen.clear();
    for (const member of members) this.#seen.add(member);
  }
}
