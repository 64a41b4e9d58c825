/** Which share of one core the process may use and count as at rest: a timer or two, and no thread that works. */
const MAX_LOAD = 0.1;
/**
 * Less tells nothing: the kernel adds up the time of a thread that runs on another core at its ticks alone, every 4 ms with
 * most kernels. Of 300 windows of 2 ms, 135 showed no trace of a thread that never stopped.
 */
const MIN_WINDOW_MS = 4;

/** Processor time of the whole process so far, all its threads together, in microseconds. */
const usedUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/**
 * Tells whether the process was at rest since it was last asked. A race is let go by one thread; what the others do at that
 * moment (V8's collectors and compilers, the launcher at its console) takes the second core from the target, or this one
 * from the loop: with a thousand contenders, rounds then spread over 20 to 60 ms in place of 10 (seen, by the run time of
 * each thread).
 *
 * @param now milliseconds on a monotonic clock
 */
export function restDetector(now = () => performance.now(), used = usedUs): () => boolean {
  let at = now();
  let before = used();
  return () => {
    const [elapsedMs, spentUs] = [now() - at, used() - before];
    if (elapsedMs < MIN_WINDOW_MS) return false;
    at += elapsedMs;
    before += spentUs;
    return spentUs <= elapsedMs * 1000 * MAX_LOAD;
  };
}
