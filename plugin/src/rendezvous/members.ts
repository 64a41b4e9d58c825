/** How many members are expected: those that were seen, and those that may still come. */
export class Members {
  /** Members that were seen and are expected again. */
  readonly #seen = new Set<number>();
  readonly #left = new Set<number>();
  /** How many expected members were never seen. */
  #unseen: number;

  constructor(parties: number) {
    this.#unseen = parties;
  }

  get expected(): number {
    return this.#seen.size + this.#unseen;
  }

  /** The member is here, whatever it did before: it is expected from now on. */
  see(member: number): void {
    if (this.#seen.has(member)) return;
    this.#seen.add(member);
    // One that had left took its own place away, so it must not take the place of a member that has yet to come.
    if (!this.#left.delete(member)) this.#unseen = Math.max(0, this.#unseen - 1);
  }

  /** The member does not come back. @returns false if it had left before */
  leave(member: number): boolean {
    if (this.#left.has(member)) return false;
    this.#left.add(member);
    if (!this.#seen.delete(member)) this.#unseen = Math.max(0, this.#unseen - 1);
    return true;
  }

  /** Nobody but these is expected, until they are seen again. */
  expectOnly(members: Iterable<number>): void {
    this.#unseen = 0;
    this.#seen.clear();
    for (const member of members) this.#seen.add(member);
  }
}
