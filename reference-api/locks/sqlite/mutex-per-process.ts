import type { Lock } from '../lock.ts';
import { mutex } from './mutex.ts';

/**
 * Wrong. The same mutex, but with two processes behind the port. Each process has a separate queue, so one order per
 * process can check, work and write at the same time. It was right on the developer's machine, and until the day the
 * service was scaled out.
 */
export const mutexPerProcess: Lock = {
  ...mutex,
  summary: 'the same mutex in two processes: each guards the seat only against itself',
  source: 'https://12factor.net/concurrency',
  expected: { verdict: 'fail', finding: 'double-booking' },
  needs: { processes: 2 },
};
