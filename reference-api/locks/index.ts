import type { StoreName } from '../stores/index.ts';
import type { Lock } from './lock.ts';
import { forUpdate } from './postgres/for-update.ts';
import { none as postgresNone } from './postgres/none.ts';
import { setNx } from './redis/set-nx.ts';
import { none } from './sqlite/none.ts';
import { unique } from './sqlite/unique.ts';

/** Every lock, by the names that `--store` and `--lock` take. The first of a store is its default. */
export const LOCKS: Readonly<Record<StoreName, Readonly<Record<string, Lock>>>> = {
  sqlite: { unique, none },
  postgres: { 'for-update': forUpdate, none: postgresNone },
  redis: { 'set-nx': setNx },
};
