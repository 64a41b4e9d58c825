import type { Attempt, History, HistoryRecord, Inventory, ReadBack, RunRecord } from '../../../../../model/index.ts';

/** Collects what the history says about the visit under way; only that is kept. */
export class VisitWatch {
  #run: RunRecord | undefined;
  #attempts: Attempt[] = [];
  #unjudged: Attempt[] = [];
  #readBacks: ReadBack[] = [];
  #seen = 0;

  /** How many attempts the history has, of all visits. */
  get seen(): number {
    return this.#seen;
  }

  /** How many attempts the visit has. */
  get size(): number {
    return this.#attempts.length + this.#unjudged.length;
  }

  take(records: readonly HistoryRecord[]): void {
    for (const record of records) {
      if (record.type === 'run') this.#run = record;
      if (record.type === 'attempt') this.#seen += 1;
      this.#takeOne(record);
    }
  }

  /** What another machine has of the visit. */
  takeFromOther(attempts: readonly Attempt[]): void {
    for (const attempt of attempts) (attempt.judged === false ? this.#unjudged : this.#attempts).push(attempt);
  }

  #takeOne(record: HistoryRecord): void {
    if (record.type === 'attempt') {
      const { type: _, ...attempt } = record;
      this.takeFromOther([attempt as Attempt]);
    }
    if (record.type === 'read-back') {
      const { type: _, ...readBack } = record;
      this.#readBacks.push(readBack as ReadBack);
    }
  }

  /** The attempts of this machine so far. */
  attempts(): readonly Attempt[] {
    return [...this.#attempts, ...this.#unjudged];
  }

  /** The history of the visit alone; undefined before the history has begun. */
  history(inventory: Inventory): History | undefined {
    if (this.#run === undefined) return undefined;
    const run = { ...this.#run, plan: { ...this.#run.plan, inventories: [inventory] } };
    const own = { attempts: [...this.#attempts], unjudged: [...this.#unjudged], readBacks: [...this.#readBacks] };
    return { run, ...own, problems: [] };
  }

  /** The next visit begins. */
  clear(): void {
    this.#attempts = [];
    this.#unjudged = [];
    this.#readBacks = [];
  }
}
