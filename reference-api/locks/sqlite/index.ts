import type { Lock } from '../lock.ts';
import { conditionalUpdate } from './conditional-update.ts';
import { immediate } from './immediate.ts';
import { mutex } from './mutex.ts';
import { mutexPerProcess } from './mutex-per-process.ts';
import { none } from './none.ts';
import { staleCache } from './stale-cache.ts';
import { swallowedConflict } from './swallowed-conflict.ts';
import { unhandledViolation } from './unhandled-violation.ts';
import { unique } from './unique.ts';
import { version } from './version.ts';
import { wrongUnique } from './wrong-unique.ts';

export const locks: Readonly<Record<string, Lock>> = {
  unique,
  none,
  'conditional-update': conditionalUpdate,
  version,
  immediate,
  mutex,
  'mutex-per-process': mutexPerProcess,
  'stale-cache': staleCache,
  'wrong-unique': wrongUnique,
  'swallowed-conflict': swallowedConflict,
  'unhandled-violation': unhandledViolation,
};
