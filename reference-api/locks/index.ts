import type { StoreName } from '../stores/index.ts';
import type { Lock } from './lock.ts';
import { locks as postgres } from './postgres/index.ts';
import { locks as redis } from './redis/index.ts';
import { locks as sqlite } from './sqlite/index.ts';

/** Every lock, by the names that `--store` and `--lock` take. The first lock of each store is the default. */
export const LOCKS: Readonly<Record<StoreName, Readonly<Record<string, Lock>>>> = { sqlite, postgres, redis };
