/** An idle process may use this share of one core: a timer or two, but no thread that works. */
const MAX_LOAD = 0.1;
/**
 * A shorter window proves nothing: most kernels update the processor time of a thread on another core only at their
 * ticks, every 4 ms. Of 300 windows of 2 ms, 135 showed no trace of a thread that never stopped.
 */
const MIN_WINDOW_MS = 4;

/** Processor time of all threads of the process so far, in microseconds. */
const usedUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/**
 * Returns a function that tells whether the process was idle since its last call. One thread releases a race; work in
 * another one at that moment (V8's collectors and compilers, the launcher at its console) takes the second core from the
 * target, or this core from the loop. With a thousand contenders, rounds then spread over 20 to 60 ms instead of 10
 * (seen, by the run time of each thread).
 *
 * @param now milliseconds on a monotonic clock
 * @param used processor time of the process so far, in microseconds
 */
export function idleDetector(now = () => performance.now(), used = usedUs): () => boolean {
  let atMs = now();
  let beforeUs = used();
  return () => {
    const [elapsedMs, spentUs] = [now() - atMs, used() - beforeUs];
    if (elapsedMs < MIN_WINDOW_MS) return false;
    atMs += elapsedMs;
    beforeUs += spentUs;
    return spentUs <= elapsedMs * 1000 * MAX_LOAD;
  };
}
