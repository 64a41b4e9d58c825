import { createHash } from 'node:crypto';

/** Numbers names from 0, in the order in which any worker first asks: all workers agree. */
export interface Register {
  /**
   * @returns the number of the name; `isNew`: nobody asked for it before
   * @throws Error if there is no room for another name
   */
  numberOf(name: string): { readonly number: number; readonly isNew: boolean };
}

/** @param names memory that all workers share: a hash of each name, 0 where the row is free */
export function createRegister(names: BigInt64Array<SharedArrayBuffer>): Register {
  /** The names that this thread knows, by their hash. */
  const known = new Map<bigint, number>();
  return {
    numberOf(name) {
      const hash = hashOf(name);
      let isNew = false;
      while (!known.has(hash)) {
        const next = known.size;
        if (next >= names.length) throw new Error(`more than ${names.length} rounds or meetings beyond the plan`);
        const claimedBy = Atomics.compareExchange(names, next, 0n, hash);
        isNew = claimedBy === 0n;
        known.set(isNew ? hash : claimedBy, next);
      }
      return { number: known.get(hash) as number, isNew };
    },
  };
}

/** 64 bits, never 0: 0 marks a free row. */
const hashOf = (name: string): bigint => createHash('sha256').update(name).digest().readBigInt64BE() || 1n;
