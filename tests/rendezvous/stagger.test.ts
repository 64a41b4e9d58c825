import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDepartures } from '../../plugin/src/rendezvous/departure.ts';
import { createRendezvous, instantsOf, type Release, type Stagger } from '../../plugin/src/rendezvous/index.ts';
import { manualClock } from '../support/manual-clock.ts';

const ramp = (spanMs: number, offsetMs = 0): Stagger => ({ offsetMs, spanMs });
const offset = (offsetMs: number, instantMs?: number): Stagger => ({
  offsetMs,
  spanMs: 0,
  ...(instantMs !== undefined && { instantMs }),
});
const at = (staggers: readonly (Stagger | undefined)[], earliestMs = 100) =>
  instantsOf(staggers, earliestMs).map(({ atMs }) => atMs);

describe('the instants of a release', () => {
  it('are the same if nobody has an offset', () => {
    expect(at([undefined, undefined])).toEqual([100, 100]);
  });

  it('are spread evenly over a ramp, in the order of the members', () => {
    expect(at([ramp(20), ramp(20), ramp(20), ramp(20), ramp(20)])).toEqual([100, 105, 110, 115, 120]);
    expect(at([ramp(20)])).toEqual([100]);
  });

  it('lie before and after those of the others', () => {
    expect(at([undefined, offset(-7), undefined, offset(3)])).toEqual([107, 100, 107, 110]);
  });

  it('keep two ramps apart', () => {
    expect(at([ramp(10), ramp(20, 5), ramp(10), ramp(20, 5)])).toEqual([100, 105, 110, 125]);
  });

  it('are counted from the latest instant that is set', () => {
    expect(at([offset(-5, 299), offset(5, 300), undefined])).toEqual([295, 305, 300]);
  });

  it('are all late by the same time if the set instant has passed, and the plan stays the same', () => {
    expect(instantsOf([offset(-5, 90), offset(5, 90)], 100)).toEqual([
      { plannedAtMs: 85, atMs: 100 },
      { plannedAtMs: 95, atMs: 110 },
    ]);
  });

  const staggers = fc.array(
    fc.option(
      fc
        .record({
          offsetMs: fc.integer({ min: -50, max: 50 }),
          spanMs: fc.constantFrom(0, 0, 10, 40),
          instantMs: fc.integer({ min: 0, max: 500 }),
        })
        .chain((set) => fc.constantFrom<Stagger>(set, { offsetMs: set.offsetMs, spanMs: set.spanMs })),
      { nil: undefined },
    ),
    { minLength: 1, maxLength: 30 },
  );

  it('are never before the earliest possible, and differ as planned', () => {
    fc.assert(
      fc.property(staggers, fc.integer({ min: 0, max: 400 }), (chosen, earliestMs) => {
        const instants = instantsOf(chosen, earliestMs);
        expect(instants).toHaveLength(chosen.length);
        const late = instants.map(({ atMs, plannedAtMs }) => atMs - plannedAtMs);
        for (const { atMs } of instants) expect(atMs).toBeGreaterThanOrEqual(earliestMs - 1e-9);
        for (const ms of late) expect(ms).toBeCloseTo(late[0] ?? 0);
        expect(late[0]).toBeGreaterThanOrEqual(0);
        // As soon as possible, unless an instant is set.
        if (chosen.every((stagger) => stagger?.instantMs === undefined)) {
          expect(Math.min(...instants.map(({ atMs }) => atMs))).toBeCloseTo(earliestMs);
          expect(late[0]).toBeCloseTo(0);
        }
      }),
    );
  });
});

function meeting(parties: number, timeoutMs = 100_000, settleMs = 0) {
  const time = manualClock();
  const releases: Release[] = [];
  const gone: { point: string; member: number; atMs: number; plannedAtMs: number | undefined }[] = [];
  const rendezvous = createRendezvous({
    parties,
    timeoutMs,
    settleMs,
    clock: time.clock,
    released: (release) => releases.push(release),
  });
  return {
    ...time,
    releases,
    gone,
    rendezvous,
    arrive: (point: string, member: number, stagger?: Stagger, letGo?: () => void) =>
      rendezvous.arrive(
        point,
        member,
        (plannedAtMs) => {
          gone.push({ point, member, atMs: time.now(), plannedAtMs });
          letGo?.();
        },
        { stagger },
      ),
  };
}

describe('a release with offsets', () => {
  it('lets each member go at its instant, and says when that was planned', () => {
    const { arrive, advance, settle, gone, releases } = meeting(3);
    for (const member of [1, 2, 3]) arrive('seat 1', member, ramp(20));
    settle();
    expect(gone).toEqual([{ point: 'seat 1', member: 1, atMs: 0, plannedAtMs: 0 }]);
    advance(9);
    expect(gone).toHaveLength(1);
    advance(1);
    advance(10);
    expect(gone.slice(1)).toEqual([
      { point: 'seat 1', member: 2, atMs: 10, plannedAtMs: 10 },
      { point: 'seat 1', member: 3, atMs: 20, plannedAtMs: 20 },
    ]);
    expect(releases).toEqual([{ point: 'seat 1', members: 3, underfilled: false }]);
  });

  it('has a plan for all members if one has an offset, and else for none', () => {
    const { arrive, advance, settle, gone } = meeting(2);
    arrive('seat 1', 1);
    arrive('seat 1', 2, offset(-5));
    settle();
    advance(5);
    expect(gone.map(({ member, plannedAtMs }) => [member, plannedAtMs])).toEqual([
      [2, 0],
      [1, 5],
    ]);
    for (const member of [1, 2]) arrive('seat 2', member);
    settle();
    expect(gone.slice(2).map(({ plannedAtMs }) => plannedAtMs)).toEqual([undefined, undefined]);
  });

  it('waits for the instant that is set', () => {
    const { arrive, advance, settle, gone } = meeting(2);
    arrive('seat 1', 1, offset(-10, 300));
    arrive('seat 1', 2, offset(10, 300));
    settle();
    advance(289);
    expect(gone).toEqual([]);
    advance(1);
    advance(20);
    expect(gone.map(({ member, atMs }) => [member, atMs])).toEqual([
      [1, 290],
      [2, 310],
    ]);
  });

  it('keeps the instant of a member that is staged again meanwhile', () => {
    const { arrive, advance, settle, gone, rendezvous } = meeting(2);
    arrive('seat 1', 1, offset(-10));
    arrive('seat 1', 2);
    settle();
    rendezvous.withdraw(2);
    advance(5);
    rendezvous.staged(2);
    advance(5);
    expect(gone.map(({ member, atMs }) => [member, atMs])).toEqual([
      [1, 0],
      [2, 10],
    ]);
    advance(1000);
    expect(gone).toHaveLength(2);
  });

  it('does not let a member go that left or missed the point before its instant', () => {
    const { arrive, advance, settle, gone, rendezvous } = meeting(3);
    for (const member of [1, 2, 3]) arrive('seat 1', member, ramp(20));
    settle();
    rendezvous.leave(2);
    rendezvous.miss('seat 1', 3);
    advance(100);
    expect(gone.map(({ member }) => member)).toEqual([1]);
    // Member 3 missed this point only, and is expected at the next.
    arrive('seat 2', 1);
    settle();
    expect(gone).toHaveLength(1);
    arrive('seat 2', 3);
    settle();
    expect(gone).toHaveLength(3);
  });

  it('does not make the next point give up on members that have not gone yet', () => {
    const { arrive, advance, settle, releases } = meeting(2, 100);
    arrive('seat 1', 1);
    arrive('seat 1', 2, offset(1000));
    settle();
    arrive('seat 2', 1);
    for (let ms = 0; ms < 1000; ms += 50) advance(50);
    expect(releases).toHaveLength(1);
    arrive('seat 2', 2);
    settle();
    expect(releases[1]).toEqual({ point: 'seat 2', members: 2, underfilled: false });
  });

  it('is over at once when the rendezvous closes, and nobody goes twice', () => {
    const { arrive, advance, settle, gone, rendezvous } = meeting(3);
    for (const member of [1, 2, 3]) arrive('seat 1', member, ramp(20));
    settle();
    rendezvous.close();
    expect(gone.map(({ member }) => member)).toEqual([1, 2, 3]);
    advance(100);
    expect(gone).toHaveLength(3);
  });

  it('counts as quiet before and after, and between two instants only if they are far apart', () => {
    const { arrive, advance, settle, rendezvous } = meeting(3);
    const done: string[] = [];
    rendezvous.whenQuiet(() => done.push('before'));
    expect(done).toEqual(['before']);
    arrive('seat 1', 1);
    arrive('seat 1', 2, offset(10));
    arrive('seat 1', 3, offset(100));
    settle();
    rendezvous.whenQuiet(() => done.push('answer 1'));
    rendezvous.whenQuiet(() => done.push('answer 2'));
    settle();
    expect(done).toEqual(['before']);
    advance(10);
    expect(done).toEqual(['before', 'answer 1', 'answer 2']);
    advance(75);
    rendezvous.whenQuiet(() => done.push('answer 3'));
    settle();
    expect(done).toHaveLength(3);
    advance(15);
    expect(done).toEqual(['before', 'answer 1', 'answer 2', 'answer 3']);
  });
});

describe('slow work on many answers', () => {
  it('gives the event loop turns, so that other answers are read and timed', () => {
    const { settle, rendezvous, blockUntil, now, clock } = meeting(3);
    const done: string[] = [];
    for (const answer of ['a', 'b', 'c', 'd']) {
      rendezvous.whenQuiet(() => {
        done.push(answer);
        blockUntil(now() + 3);
      });
      clock.soon(() => done.push('read'));
    }
    expect(done).toEqual(['a']);
    settle();
    expect(done).toEqual(['a', 'b', 'c', 'read', 'read', 'read', 'read', 'd']);
  });

  it('gets done, however long the thread loses the processor between two steps', () => {
    // Once, pauses of 5 ms between two looks at the clock made a race hang: the last answers were never handled.
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 }), { minLength: 1 }), fc.nat({ max: 20 }), (pausesMs, answers) => {
        let nowMs = 0;
        let read = 0;
        const queue: (() => void)[] = [];
        const departures = createDepartures({
          now: () => {
            nowMs += pausesMs[read++ % pausesMs.length] ?? 0;
            return nowMs;
          },
          soon: (callback) => void queue.push(callback),
          at: (_atMs, callback) => void queue.push(callback),
        });
        let done = 0;
        for (let i = 0; i < answers; i++) departures.whenQuiet(() => done++);
        for (let turns = 0; queue.length > 0 && turns < 1000; turns++) queue.shift()?.();
        expect(done).toBe(answers);
      }),
    );
  });

  it('is done at once when the rendezvous closes', () => {
    const { rendezvous } = meeting(3);
    const done: string[] = [];
    for (const answer of ['a', 'b', 'c']) rendezvous.whenQuiet(() => done.push(answer));
    rendezvous.close();
    expect(done).toEqual(['a', 'b', 'c']);
  });
});

describe('contenders with offsets, in any order of events', () => {
  const lives = fc.array(
    fc.record({
      seats: fc.nat({ max: 4 }),
      staggers: fc.array(fc.constantFrom(undefined, ramp(30), offset(-20), offset(15), offset(0, 200)), {
        minLength: 4,
        maxLength: 4,
      }),
      withdraws: fc.boolean(),
    }),
    { minLength: 2, maxLength: 6 },
  );

  it('all get through, go once, and never before the plan', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), lives, async (scheduler, members) => {
        const { rendezvous, arrive, advance, gone, releases } = meeting(members.length, 100_000, 1);
        const contender = async (member: number, { seats, staggers, withdraws }: (typeof members)[number]) => {
          for (let seat = 1; seat <= seats; seat++) {
            await scheduler.schedule(Promise.resolve(), `VU ${member} comes to seat ${seat}`);
            await new Promise<void>((resolve) => {
              let isGone = false;
              const go = () => {
                isGone = true;
                resolve();
              };
              arrive(`seat ${seat}`, member, staggers[seat - 1], go);
              if (!withdraws) return;
              // It loses its connection and is staged again, before or after the release.
              void scheduler.schedule(Promise.resolve(), `VU ${member} is staged again`).then(() => {
                if (isGone) return;
                rendezvous.withdraw(member);
                rendezvous.staged(member);
              });
            });
          }
          await scheduler.schedule(Promise.resolve(), `VU ${member} ends`);
          rendezvous.leave(member);
        };
        let over = false;
        const all = Promise.all(members.map((life, index) => contender(index + 1, life))).then(() => {
          over = true;
        });
        for (let step = 0; step < 3000 && !over; step++) {
          if (scheduler.count() > 0) await scheduler.waitOne();
          else advance(5);
          for (let turn = 0; turn < 4; turn++) await Promise.resolve();
        }
        expect(over).toBe(true);
        await all;
        const visits = members.reduce((sum, { seats }) => sum + seats, 0);
        expect(gone).toHaveLength(visits);
        expect(new Set(gone.map(({ point, member }) => `${point} ${member}`)).size).toBe(visits);
        for (const { atMs, plannedAtMs } of gone) expect(atMs).toBeGreaterThanOrEqual((plannedAtMs ?? atMs) - 1e-9);
        // A round has all contenders that live to see it.
        for (const release of releases) {
          const seat = Number(release.point.replace('seat ', ''));
          expect(release.members).toBe(members.filter(({ seats }) => seats >= seat).length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
