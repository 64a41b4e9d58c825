import { describe, expect, it } from 'vitest';
import { idleDetector } from '../../plugin/src/artillery/shared/process-load.ts';

/** A process with a clock and a processor time that the test sets. */
function processAt(nowMs = 1000, spentUs = 0) {
  const state = { nowMs, spentUs };
  return {
    state,
    isIdle: idleDetector(
      () => state.nowMs,
      () => state.spentUs,
    ),
  };
}

describe('a process is idle', () => {
  it('while its threads hardly run', () => {
    const { state, isIdle } = processAt();
    state.nowMs += 10;
    state.spentUs += 500;
    expect(isIdle()).toBe(true);
  });

  it('but not while one of them works, however idle or busy they were before', () => {
    const { state, isIdle } = processAt();
    state.nowMs += 10_000;
    expect(isIdle()).toBe(true);
    state.nowMs += 5;
    state.spentUs += 4_000;
    expect(isIdle()).toBe(false);
    state.nowMs += 5;
    expect(isIdle()).toBe(true);
  });

  it('but not in a time so short that the kernel may not have counted a working thread', () => {
    const { state, isIdle } = processAt();
    state.nowMs += 2;
    expect(isIdle()).toBe(false);
    state.nowMs += 2;
    state.spentUs += 4_000;
    expect(isIdle()).toBe(false);
    state.nowMs += 5;
    expect(isIdle()).toBe(true);
  });
});
