import type { InventoryKey } from '../../config/index.ts';
import type { Rendezvous } from '../../rendezvous/index.ts';
import { roundOfTurn, type Turn, turnPoint } from '../shared/turns.ts';
import type { Turns } from './turns.ts';

/** One virtual user's way through rounds that repeat, in step with the others. */
export class Walk {
  readonly #vu: number;
  readonly #turns: Turns;
  readonly #race: { readonly rendezvous: Pick<Rendezvous, 'arrive'>; readonly racesInTurn: number };
  #turn: Turn | undefined;
  #number = 0;
  #raced = 0;
  #isOver = false;

  constructor(
    vu: number,
    turns: Turns,
    race: { readonly rendezvous: Pick<Rendezvous, 'arrive'>; readonly racesInTurn: number },
  ) {
    this.#vu = vu;
    this.#turns = turns;
    this.#race = race;
  }

  /** The turn of the loop that it is in. */
  get turn(): Turn | undefined {
    return this.#turn;
  }

  /** There are no further turns. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** It is about to race: the number of the round; undefined outside of the loop. */
  roundNow(): number | undefined {
    return this.#turn && roundOfTurn(this.#turn, ++this.#raced, this.#race.racesInTurn);
  }

  /**
   * The next turn begins: waits for the others, and for the launcher.
   *
   * @param list what Artillery loops over: it reads the length after each turn, so a longer list goes on, and a shorter one ends
   */
  async next(list: InventoryKey[], isStopped: boolean): Promise<InventoryKey | undefined> {
    const number = ++this.#number;
    // Nobody comes early to the first turn: it begins nothing anew.
    if (number > 1 && !isStopped)
      await new Promise<void>((letGo) => this.#race.rendezvous.arrive(turnPoint(number), this.#vu, () => letGo()));
    this.#turn = isStopped ? undefined : await this.#turns.next(number);
    this.#raced = 0;
    const key = this.#turn?.inventory.key;
    this.#isOver = key === undefined;
    if (key === undefined) list.length = number;
    else if (list.length <= number) list.push(key);
    return key;
  }
}
