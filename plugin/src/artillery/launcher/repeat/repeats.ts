import { setTimeout as sleep } from 'node:timers/promises';
import type { History, Inventory, RepeatEnd } from '../../../../../model/index.ts';
import { asInventory, checkSharedParts, type SourcedInventory } from '../../../config/index.ts';
import { judgeVisit } from '../../../judging/index.ts';
import { COUNTER, clockOf } from '../../shared/run-context.ts';
import type { Turn } from '../../shared/turns.ts';
import { leastUnitsOf, pendingKeysOf } from '../ask-afterwards.ts';
import type { FollowedRun } from '../follow-run.ts';
import type { PreparedRun } from '../prepare.ts';
import { sourcedInventories } from '../sources/index.ts';
import { hasReset, isFresh } from './check-repeat.ts';
import { Schedule } from './schedule.ts';
import { type Decision, openTurnDesk } from './turn-desk.ts';
import { turnsOfMachines } from './turns-of-machines.ts';
import { VisitWatch } from './visit-watch.ts';

/** How long the last records of a visit may take to be written. */
const RECORDS_MS = 5000;
const POLL_MS = 5;
/** How long the round in flight may take once somebody has stopped the run. */
const GRACE_MS = 5000;

/** Rounds that repeat: judges each visit, and says what comes next. */
export interface Repeats {
  /** Reads back and judges the visit under way, before something changes it. */
  judgeNow(): Promise<void>;
  /** Judges the last visit, unless that was done. */
  finish(): Promise<void>;
  /** Why rounds did not go on; undefined while they do, and where something else ended the run. Of all machines. */
  end(): RepeatEnd | undefined;
  /** The inventories that a request has named since. */
  inventoryOf(key: string): Inventory | undefined;
  close(): void;
}

/**
 * Undefined where rounds do not repeat, and on a machine that another one leads.
 *
 * @param told called after each visit, with how many rounds count by then
 */
export function repeatRounds(
  prepared: PreparedRun,
  followed: FollowedRun,
  told: (strongRounds: number) => void,
): Repeats | undefined {
  const { repeat } = prepared.settings.plan;
  return repeat === undefined ? undefined : new Repeating(prepared, followed, repeat, told);
}

class Repeating implements Repeats {
  readonly #prepared: PreparedRun;
  readonly #followed: FollowedRun;
  readonly #schedule: Schedule;
  readonly #watch = new VisitWatch();
  readonly #desk: ReturnType<typeof openTurnDesk>;
  readonly #named = new Map<string, Inventory>();
  readonly #told: (strongRounds: number) => void;
  #turn: Turn | undefined;
  #proof: History | undefined;
  /** How many attempts the run had when it was last read back. */
  #readBackOf = 0;

  constructor(
    prepared: PreparedRun,
    followed: FollowedRun,
    repeat: ConstructorParameters<typeof Schedule>[0]['repeat'],
    told: (strongRounds: number) => void,
  ) {
    this.#told = told;
    this.#prepared = prepared;
    this.#followed = followed;
    const { run, settings, script, machines } = prepared;
    const inventories = sourcedOf(prepared);
    for (const inventory of inventories) this.#name(inventory);
    this.#schedule = new Schedule({
      repeat,
      inventories,
      strongRounds: settings.plan.limits.strongRounds ?? 1,
      now: clockOf(run),
      ...(isFresh(settings) && { nextPass: () => this.#askAgain(hasReset(script)) }),
    });
    followed.listen((records) => this.#watch.take(records));
    const own = {
      attempts: () => this.#watch.attempts(),
      isInterrupted: () => followed.interruption() !== undefined,
    };
    const decide = turnsOfMachines(machines, own, (number, others, isInterrupted) => {
      this.#watch.takeFromOther(others);
      return this.#next(number, isInterrupted);
    });
    this.#desk = openTurnDesk(run, async (number) => {
      if (number === 1) followed.holdSignals(GRACE_MS);
      await this.#written();
      const decision = await decide(number);
      // Another machine judges.
      if (machines?.isHost === false) this.#watch.clear();
      return decision;
    });
  }

  async judgeNow(): Promise<void> {
    await this.#written();
    const { machines, run, settings } = this.#prepared;
    // The attempts of other machines are not known yet.
    if (machines !== undefined) return this.#readBack();
    const verdict = await this.#judge();
    if (verdict?.isViolated && settings.plan.repeat?.stop === 'violation') Atomics.store(run.counters, COUNTER.over, 1);
  }

  async finish(): Promise<void> {
    await this.#written();
    await this.#conclude();
  }

  end = (): RepeatEnd | undefined => this.#desk.end();

  inventoryOf = (key: string): Inventory | undefined => this.#named.get(key);

  close(): void {
    this.#desk.close();
  }

  /** Judges the turn before, and says what comes next. */
  async #next(number: number, isInterrupted: boolean): Promise<Decision> {
    if (number > 1) await this.#conclude();
    if (isInterrupted) return {};
    this.#turn = this.#schedule.next();
    return { turn: this.#turn, end: this.#schedule.end };
  }

  async #conclude(): Promise<void> {
    if (this.#turn === undefined) return;
    const verdict = await this.#judge();
    this.#schedule.report({
      isViolated: verdict?.isViolated ?? false,
      strongRounds: verdict?.strongRounds ?? 0,
      isRaced: this.#watch.size > 0,
    });
    this.#told(this.#schedule.strong);
    const history = this.#history();
    if (this.#proof === undefined && verdict?.hasWinner) this.#proof = history;
    this.#turn = undefined;
    this.#watch.clear();
  }

  async #judge() {
    await this.#readBack();
    const history = this.#history();
    return history === undefined || this.#watch.size === 0 ? undefined : judgeVisit(history, this.#proof);
  }

  /** Asks the server about the visit, unless it was asked since the last attempt. */
  async #readBack(): Promise<void> {
    const { library, history: file, settings } = this.#prepared;
    const visit = this.#turn?.visit;
    const history = this.#history();
    if (settings.readBack === undefined || history === undefined || visit === undefined) return;
    // Only what this machine sent tells whether there is news: the others are in step.
    if (this.#watch.seen === this.#readBackOf) return;
    this.#readBackOf = this.#watch.seen;
    await library.ask(history.run.plan.inventories, {
      when: 'after',
      rawHeaders: this.#followed.rawHeaders(),
      leastUnits: (key) => leastUnitsOf(history, key),
      restless: pendingKeysOf(history),
      told: (answer) => file.append([{ type: 'read-back', ...answer, visit }]),
    });
    this.#followed.look();
  }

  #history(): History | undefined {
    const key = this.#turn === undefined ? undefined : String(this.#turn.inventory.key);
    const inventory = key === undefined ? undefined : this.#named.get(key);
    return inventory && this.#watch.history(inventory);
  }

  /** Waits until all attempts of this machine are in the history. */
  async #written(): Promise<void> {
    const { run, settings } = this.#prepared;
    const deadline = performance.now() + RECORDS_MS + settings.attemptTimeoutMs;
    for (;;) {
      this.#followed.look();
      const isWritten = this.#watch.seen >= Atomics.load(run.counters, COUNTER.ended);
      if (isWritten || Atomics.load(run.counters, COUNTER.lostRecords) > 0 || performance.now() > deadline) return;
      await sleep(POLL_MS);
    }
  }

  #name(inventory: SourcedInventory): void {
    const named = asInventory(inventory);
    this.#named.set(named.key, named);
  }

  /** The inventories of the next pass. One that was raced for is left out, unless the flow resets it. */
  #askAgain(isReset: boolean): readonly SourcedInventory[] {
    const { script, settings, history } = this.#prepared;
    try {
      const found = sourcedInventories(script, settings) ?? [];
      const fresh = found.filter(({ key }) => !this.#named.has(String(key)));
      const all = [...this.#named.values(), ...fresh.map(asInventory)];
      if (settings.readBack !== undefined) checkSharedParts(all);
      for (const inventory of fresh) this.#name(inventory);
      if (fresh.length > 0) history.append([{ type: 'more', inventories: fresh.map(asInventory) }]);
      return isReset ? found : fresh;
    } catch (error) {
      history.append([{ type: 'problem', reason: (error as Error).message }]);
      return [];
    }
  }
}

/** The planned inventories, with their keys as the flow gets them. */
const sourcedOf = ({ settings: { plan, keys } }: PreparedRun): readonly SourcedInventory[] =>
  plan.inventories.map(({ key, capacity, amount, parts, fields = {} }, index) => ({
    key: keys[index] ?? key,
    capacity: amount ?? capacity,
    ...(parts !== undefined && { parts }),
    fields,
  }));
