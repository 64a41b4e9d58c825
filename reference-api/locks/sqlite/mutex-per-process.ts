import type { Lock } from '../lock.ts';
import { mutex } from './mutex.ts';

/**
 * Wrong: the same mutex, and a second process behind the port. Each has a queue of its own, so one order of each process
 * may look, work and write at the same time. It was right on the developer's machine, and until the day the service was
 * scaled out.
 */
export const mutexPerProcess: Lock = {
  ...mutex,
  summary: 'the same mutex in two processes: each guards the seat from itself only',
  source: 'https://12factor.net/concurrency',
  expected: { verdict: 'fail', finding: 'double-booking' },
  needs: { processes: 2 },
};
