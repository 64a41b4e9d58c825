import type { Lock } from '../lock.ts';
import { advisoryLock } from './advisory-lock.ts';
import { conditionalUpdate } from './conditional-update.ts';
import { countCheck } from './count-check.ts';
import { earlyAnswer } from './early-answer.ts';
import { forUpdate } from './for-update.ts';
import { forUpdateAutocommit } from './for-update-autocommit.ts';
import { forUpdateNowait } from './for-update-nowait.ts';
import { leakedConnection } from './leaked-connection.ts';
import { lockOrder } from './lock-order.ts';
import { lockedCount } from './locked-count.ts';
import { none } from './none.ts';
import { onConflict } from './on-conflict.ts';
import { retryAfterTimeout } from './retry-after-timeout.ts';
import { serializable } from './serializable.ts';
import { skipLocked } from './skip-locked.ts';
import { twoTransactions } from './two-transactions.ts';
import { unique } from './unique.ts';
import { version } from './version.ts';

export const locks: Readonly<Record<string, Lock>> = {
  unique,
  'on-conflict': onConflict,
  'conditional-update': conditionalUpdate,
  version,
  'for-update': forUpdate,
  'for-update-nowait': forUpdateNowait,
  'skip-locked': skipLocked,
  'advisory-lock': advisoryLock,
  serializable,
  'locked-count': lockedCount,
  none,
  'two-transactions': twoTransactions,
  'for-update-autocommit': forUpdateAutocommit,
  'count-check': countCheck,
  'early-answer': earlyAnswer,
  'retry-after-timeout': retryAfterTimeout,
  'lock-order': lockOrder,
  'leaked-connection': leakedConnection,
};
