/** How long a release waits until the next member is staged, in milliseconds. Who is not staged by then goes later. */
export const MAX_STAGING_MS = 3000;
/** How long a release waits before it looks again whether the process is still busy, in milliseconds. */
export const REST_STEP_MS = 5;
/** How long a release waits at most for a busy process (the suite may run other flows), in milliseconds. */
export const MAX_REST_MS = 100;

/**
 * How close a point is to the release. `gathering`: somebody is still to come. `staging`: everybody is here, and is being staged.
 * `settling`: everybody is staged, and has a moment to withdraw. `resting`: the process is busy, and the release waits for a
 * quiet moment, until `latestMs` on the clock at the latest. `deciding`: the last turn of the event loop before the release.
 * `released`: nobody waits here now.
 */
export type Phase =
  | { readonly kind: 'gathering' | 'staging' | 'settling' | 'deciding' | 'released' }
  | { readonly kind: 'resting'; readonly latestMs: number };

/**
 * What can happen at a point. `counted`: somebody came, went or was staged, here or elsewhere; `isComplete` means that nobody
 * else is waited for, `isStaged` that all members are staged, and `settles` that they get time to withdraw. `waited`: the time
 * of `settling` or `resting` is over. `turned`: the event loop has dealt with everything pending. `ended`: the members go
 * now, complete or not.
 */
export type PhaseEvent =
  | { readonly type: 'counted'; readonly isComplete: boolean; readonly isStaged: boolean; readonly settles: boolean }
  | { readonly type: 'waited'; readonly nowMs: number; readonly isAtRest: boolean }
  | { readonly type: 'turned' | 'ended' };

/** The phase after an event. Pure. Returns the same object where the event changes nothing. */
export function nextPhase(phase: Phase, event: PhaseEvent): Phase {
  if (phase.kind === 'released') return phase;
  switch (event.type) {
    case 'counted':
      return counted(phase, event);
    case 'waited':
      return restingOrDeciding(phase, event.nowMs, event.isAtRest);
    case 'turned':
      return phase.kind === 'deciding' ? { kind: 'released' } : phase;
    case 'ended':
      return { kind: 'released' };
  }
}

function counted(phase: Phase, { isComplete, isStaged, settles }: PhaseEvent & { type: 'counted' }): Phase {
  const isEarly = phase.kind === 'gathering' || phase.kind === 'staging';
  if (!isComplete) return phase.kind === 'gathering' ? phase : { kind: 'gathering' };
  if (!isStaged) return phase.kind === 'staging' ? phase : { kind: 'staging' };
  if (!settles) return { kind: 'released' };
  return isEarly ? { kind: 'settling' } : phase;
}

function restingOrDeciding(phase: Phase, nowMs: number, isAtRest: boolean): Phase {
  if (phase.kind !== 'settling' && phase.kind !== 'resting') return phase;
  const latestMs = phase.kind === 'resting' ? phase.latestMs : nowMs + MAX_REST_MS;
  return isAtRest || nowMs >= latestMs ? { kind: 'deciding' } : { kind: 'resting', latestMs };
}
