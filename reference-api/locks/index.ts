import type { Lock } from './lock.ts';
import { none } from './none.ts';
import { unique } from './unique.ts';

/** Every strategy, by the name that `--lock` takes. */
export const LOCKS: Readonly<Record<string, Lock>> = { unique, none };
