import { operationOf } from '../../../../model/index.ts';
import type { AnyLine } from '../../config/index.ts';

/**
 * Where a virtual user is in its flow. Artillery ends a virtual user whose request breaks. In a race it stays for its next
 * rounds, and skips the rest of the round that broke: nobody pays for a booking that may not exist.
 */
export class Flow {
  /** The first break: Artillery counts the virtual user as failed because of it. */
  failure: Error | undefined;
  /** The loops that it is in. */
  readonly #loops = new Set<object>();
  /** The inventory that the turn of a loop over all of them is about; undefined outside of these loops. */
  #element: string | undefined;
  /** The inventory of the latest `race:` line. */
  #latest: string | undefined;
  /** The rounds that repeat are over, until the loop over all inventories ends. */
  #isOver = false;
  #skipped: { readonly line: AnyLine; readonly loops: ReadonlySet<object> } | undefined;

  /** The key of the inventory that the flow is about now. */
  get inventory(): string | undefined {
    return this.#element ?? this.#latest;
  }

  /** A turn of a loop over all inventories begins, or the loop ends. */
  isAbout(element: string | undefined): void {
    this.#element = element;
  }

  /** Whether rounds repeat no more: the rest of the turn is skipped, meetings included. */
  get isOver(): boolean {
    return this.#isOver;
  }

  set isOver(isOver: boolean) {
    this.#isOver = isOver;
  }

  /** It skips the rest of a round. */
  get isSkipping(): boolean {
    return this.#skipped !== undefined || this.#isOver;
  }

  /** Its request broke, or was not sent: the rest of this round is skipped. */
  skipRound(line: AnyLine): void {
    this.#skipped = { line, loops: new Set(this.#loops) };
  }

  /**
   * Whether it also skips this raced request: one that goes on with what broke, as a confirmation goes on with a hold. Going for
   * the same thing in the same way again is a round of its own. Nothing decides what broke, and where all meet it does not miss.
   */
  skips(next: AnyLine): boolean {
    const line = this.#skipped?.line;
    if (line === undefined || 'once' in next) return false;
    if ('settles' in next) return true;
    if (!('inventory' in line)) return false;
    return line.inventory === next.inventory && operationOf(line.intent) !== operationOf(next.intent);
  }

  /**
   * It is about to send a request with a `race:` line. The next round begins where that goes for something: a meeting may as
   * well clean up after the round that broke.
   */
  races(line: AnyLine): void {
    if (!('inventory' in line)) return;
    this.#skipped = undefined;
    this.#latest = line.inventory;
  }

  enters(loop: object): void {
    this.#loops.add(loop);
  }

  leaves(loop: object): void {
    this.#loops.delete(loop);
  }

  /** A turn of the loop begins. Where the break was in an earlier turn, the next round begins with it. */
  turns(loop: object): void {
    if (this.#skipped?.loops.has(loop)) this.#skipped = undefined;
  }
}
