import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_REST_MS, nextPhase, type Phase, type PhaseEvent } from '../../plugin/src/rendezvous/phase.ts';

const counted = (isComplete: boolean, { settles = true, isStaged = true } = {}): PhaseEvent => ({
  type: 'counted',
  isComplete,
  isStaged,
  settles,
});
const unstaged = counted(true, { isStaged: false });
const waited = (nowMs: number, isAtRest: boolean): PhaseEvent => ({ type: 'waited', nowMs, isAtRest });
const turned: PhaseEvent = { type: 'turned' };
const ended: PhaseEvent = { type: 'ended' };

/** The phases of a point that passes through these events. */
function phasesAfter(...events: readonly PhaseEvent[]): string[] {
  let phase: Phase = { kind: 'gathering' };
  return events.map((event) => {
    phase = nextPhase(phase, event);
    return phase.kind;
  });
}

describe('the phase of a point', () => {
  it('goes from gathering over settling and a last look to the release', () => {
    expect(phasesAfter(counted(false), counted(true), waited(10, true), turned)).toEqual([
      'gathering',
      'settling',
      'deciding',
      'released',
    ]);
  });

  it('skips settling where members get no time for it', () => {
    expect(phasesAfter(counted(true, { settles: false }))).toEqual(['released']);
  });

  it('has everybody staged once all are there, and settles once all are staged', () => {
    expect(phasesAfter(counted(false), unstaged, unstaged, counted(true))).toEqual([
      'gathering',
      'staging',
      'staging',
      'settling',
    ]);
    expect(phasesAfter(unstaged, counted(true, { settles: false }))).toEqual(['staging', 'released']);
  });

  it('does not start settling again when somebody else is counted', () => {
    expect(phasesAfter(counted(true), counted(true), waited(10, true), counted(true))).toEqual([
      'settling',
      'settling',
      'deciding',
      'deciding',
    ]);
  });

  it('rests while the process is busy, but not for too long', () => {
    expect(phasesAfter(counted(true), waited(10, false), waited(20, true))).toEqual([
      'settling',
      'resting',
      'deciding',
    ]);
    expect(
      phasesAfter(counted(true), waited(10, false), waited(9 + MAX_REST_MS, false), waited(10 + MAX_REST_MS, false)),
    ).toEqual(['settling', 'resting', 'resting', 'deciding']);
  });

  it.each([
    ['settling', [counted(true)]],
    ['resting', [counted(true), waited(10, false)]],
    ['deciding', [counted(true), waited(10, true)]],
  ])('goes back from %s when somebody is still to come, or to be staged again', (kind, events) => {
    expect(phasesAfter(...events).at(-1)).toBe(kind);
    expect(phasesAfter(...events, counted(false)).at(-1)).toBe('gathering');
    expect(phasesAfter(...events, unstaged).at(-1)).toBe('staging');
  });

  it('stays as it is after any event once released, and before that when there is nothing to do', () => {
    const event = fc.oneof(
      fc
        .tuple(fc.boolean(), fc.boolean(), fc.boolean())
        .map(([isComplete, settles, isStaged]) => counted(isComplete, { settles, isStaged })),
      fc.tuple(fc.nat({ max: 300 }), fc.boolean()).map(([nowMs, isAtRest]) => waited(nowMs, isAtRest)),
      fc.constantFrom(turned, ended),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let phase: Phase = { kind: 'gathering' };
        for (const next of events) {
          const after = nextPhase(phase, next);
          if (phase.kind === 'released') expect(after).toBe(phase);
          // Timers are set whenever the phase object changes, so a phase that stays must stay the same object.
          if (after.kind === phase.kind && after.kind !== 'resting') expect(after).toBe(phase);
          // Unless it is ended, only a complete point with all staged is released; where members settle, only after the last look.
          if (after.kind === 'released' && phase.kind !== 'released' && next.type !== 'ended')
            expect(
              phase.kind === 'deciding' ||
                (next.type === 'counted' && next.isComplete && next.isStaged && !next.settles),
            ).toBe(true);
          phase = after;
        }
      }),
    );
  });
});
