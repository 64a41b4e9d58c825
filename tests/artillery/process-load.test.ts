import { describe, expect, it } from 'vitest';
import { idleDetector } from '../../plugin/src/artillery/shared/process-load.ts';

/** A process whose clock and processor time the test decides. */
function processAt(nowMs = 1000, spentUs = 0) {
  const its = { nowMs, spentUs };
  return {
    its,
    isAtRest: idleDetector(
      () => its.nowMs,
      () => its.spentUs,
    ),
  };
}

describe('a process is at rest', () => {
  it('while its threads hardly run', () => {
    const { its, isAtRest } = processAt();
    its.nowMs += 10;
    its.spentUs += 500;
    expect(isAtRest()).toBe(true);
  });

  it('and not while one of them works, however busy or idle it was before', () => {
    const { its, isAtRest } = processAt();
    its.nowMs += 10_000;
    expect(isAtRest()).toBe(true);
    its.nowMs += 5;
    its.spentUs += 4_000;
    expect(isAtRest()).toBe(false);
    its.nowMs += 5;
    expect(isAtRest()).toBe(true);
  });

  it('but not for so short a time that the kernel may not have told of a thread that works', () => {
    const { its, isAtRest } = processAt();
    its.nowMs += 2;
    expect(isAtRest()).toBe(false);
    its.nowMs += 2;
    its.spentUs += 4_000;
    expect(isAtRest()).toBe(false);
    its.nowMs += 5;
    expect(isAtRest()).toBe(true);
  });
});
