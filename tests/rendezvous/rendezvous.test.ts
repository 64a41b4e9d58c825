import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRendezvous,
  MAX_REST_MS,
  MAX_STAGING_MS,
  REST_STEP_MS,
  type Release,
} from '../../plugin/src/rendezvous/index.ts';
import { manualClock } from '../support/manual-clock.ts';

function meeting(parties: number, timeoutMs = 100, settleMs = 0, isAtRest = () => true) {
  const time = manualClock();
  const releases: Release[] = [];
  const gone: [string, number][] = [];
  const rendezvous = createRendezvous({
    parties,
    timeoutMs,
    settleMs,
    isAtRest,
    orderOf: (point) => Number(point.replace('seat ', '')),
    clock: time.clock,
    released: (release) => releases.push(release),
  });
  return {
    ...time,
    releases,
    gone,
    rendezvous,
    arrive: (point: string, member: number) => rendezvous.arrive(point, member, () => gone.push([point, member])),
  };
}

describe('a rendezvous', () => {
  it('lets everybody go at once, when the last contender has come', () => {
    const { arrive, settle, gone, releases } = meeting(3);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    settle();
    expect(gone).toEqual([]);
    arrive('seat 1', 3);
    settle();
    expect(gone.map(([, member]) => member).sort()).toEqual([1, 2, 3]);
    expect(releases).toEqual([{ point: 'seat 1', members: 3, underfilled: false }]);
  });

  it('does not wait for a member that has left', () => {
    const { arrive, settle, rendezvous, releases } = meeting(3);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    rendezvous.leave(3);
    settle();
    expect(releases).toEqual([{ point: 'seat 1', members: 2, underfilled: true }]);
  });

  it('waits for the others when a member comes back that had left', () => {
    const { arrive, settle, rendezvous, releases } = meeting(3);
    rendezvous.leave(1);
    for (const member of [1, 2]) arrive('seat 1', member);
    settle();
    expect(releases).toEqual([]);
    arrive('seat 1', 3);
    settle();
    expect(releases).toEqual([{ point: 'seat 1', members: 3, underfilled: false }]);
  });

  it('counts a member that leaves twice only once', () => {
    const { arrive, settle, rendezvous, gone } = meeting(3);
    rendezvous.leave(3);
    rendezvous.leave(3);
    arrive('seat 1', 1);
    settle();
    expect(gone).toEqual([]);
  });

  it('gives up on a member that does not come in time, at the next point too', () => {
    const { arrive, settle, advance, releases } = meeting(3);
    arrive('seat 1', 1);
    advance(99);
    arrive('seat 1', 2);
    advance(99);
    expect(releases).toEqual([]);
    advance(1);
    expect(releases).toEqual([{ point: 'seat 1', members: 2, underfilled: true }]);
    arrive('seat 2', 1);
    arrive('seat 2', 2);
    settle();
    expect(releases).toHaveLength(2);
  });

  it('expects a member again that comes after it was given up on', () => {
    const { arrive, settle, advance, releases } = meeting(2);
    arrive('seat 1', 1);
    advance(100);
    arrive('seat 2', 2);
    settle();
    expect(releases).toHaveLength(1);
    arrive('seat 2', 1);
    settle();
    expect(releases[1]).toEqual({ point: 'seat 2', members: 2, underfilled: false });
  });

  it('lets the members at the earliest point go when everybody waits, but at different points', () => {
    const { arrive, settle, releases } = meeting(2);
    arrive('seat 2', 2);
    arrive('seat 1', 1);
    settle();
    expect(releases).toEqual([{ point: 'seat 1', members: 1, underfilled: true }]);
    arrive('seat 2', 1);
    settle();
    expect(releases[1]).toEqual({ point: 'seat 2', members: 2, underfilled: false });
  });

  it('can use the same point again', () => {
    const { arrive, settle, releases } = meeting(2);
    for (const member of [1, 2, 1, 2]) {
      arrive('seat 1', member);
      settle();
    }
    expect(releases).toHaveLength(2);
  });

  it('gives members a moment to withdraw and be staged again', () => {
    const { arrive, advance, rendezvous, gone } = meeting(2, 1000, 10);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    advance(9);
    rendezvous.withdraw(1);
    advance(100);
    expect(gone).toEqual([]);
    rendezvous.staged(1);
    advance(9);
    expect(gone).toEqual([]);
    advance(1);
    expect(gone).toHaveLength(2);
  });

  it('keeps everybody when a connection is lost at the very last moment', () => {
    const { arrive, advance, rendezvous, gone, clock } = meeting(2, 1000, 10);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    clock.soon(() => rendezvous.withdraw(1));
    advance(10);
    expect(gone).toEqual([]);
    rendezvous.staged(1);
    advance(10);
    expect(gone).toHaveLength(2);
  });

  it('waits until a busy moment has passed', () => {
    let busy = true;
    const { arrive, advance, gone } = meeting(2, 1000, 10, () => !busy);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    advance(10 + REST_STEP_MS);
    expect(gone).toEqual([]);
    busy = false;
    advance(REST_STEP_MS);
    expect(gone).toHaveLength(2);
  });

  it('does not wait for a quiet moment for ever', () => {
    const { arrive, advance, gone } = meeting(2, 1000, 10, () => false);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    advance(10);
    for (let waitedMs = 0; waitedMs < MAX_REST_MS; waitedMs += REST_STEP_MS) {
      expect(gone).toEqual([]);
      advance(REST_STEP_MS);
    }
    expect(gone).toHaveLength(2);
  });

  it('does not wait any longer when late timers have used up the time', () => {
    const { arrive, advance, gone } = meeting(2, 1000, 10, () => false);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    advance(10);
    advance(MAX_REST_MS);
    expect(gone).toHaveLength(2);
  });

  it('does not wait at one point for a member that misses it', () => {
    const { arrive, settle, rendezvous, releases } = meeting(3);
    arrive('seat 1', 1);
    rendezvous.miss('seat 1', 2);
    settle();
    expect(releases).toEqual([]);
    arrive('seat 1', 3);
    settle();
    expect(releases).toEqual([{ point: 'seat 1', members: 2, underfilled: true }]);
    for (const member of [1, 2, 3]) arrive('seat 2', member);
    settle();
    expect(releases[1]).toEqual({ point: 'seat 2', members: 3, underfilled: false });
  });

  it('does not count a member that left or went to another point in place of one that is still to come', () => {
    const { arrive, settle, rendezvous, gone } = meeting(3);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    rendezvous.leave(1);
    settle();
    expect(gone).toEqual([]);
    arrive('seat 2', 2);
    settle();
    expect(gone).toEqual([]);
    arrive('seat 2', 3);
    settle();
    expect(gone.map(([point]) => point)).toEqual(['seat 2', 'seat 2']);
  });

  it('gives up on nobody at a point where nobody waits', () => {
    const { arrive, advance, rendezvous, gone, pendingTimers } = meeting(3);
    arrive('seat 1', 1);
    rendezvous.miss('seat 1', 1);
    expect(pendingTimers()).toBe(0);
    advance(100);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    expect(gone).toEqual([]);
  });

  it('does not let the same member go first in every round', () => {
    const { arrive, settle, gone } = meeting(10);
    const firsts = new Set<number>();
    for (let round = 1; round <= 8; round++) {
      for (let member = 1; member <= 10; member++) arrive(`seat ${round}`, member);
      settle();
      const first = gone.find(([point]) => point === `seat ${round}`);
      if (first) firsts.add(first[1]);
    }
    expect(firsts.size).toBe(8);
  });

  it('lets everybody go when it is closed, and leaves no timer behind', () => {
    const { arrive, settle, rendezvous, gone, pendingTimers } = meeting(5);
    arrive('seat 1', 1);
    arrive('seat 2', 2);
    rendezvous.close();
    settle();
    expect(gone).toHaveLength(2);
    expect(pendingTimers()).toBe(0);
  });
});

describe('a rendezvous whose members are staged', () => {
  /** Members come; `log` says who is called, and who goes. */
  function staging(parties: number, settleMs = 0) {
    const world = meeting(parties, 10_000, settleMs);
    const log: string[] = [];
    const come = (member: number, point = 'seat 1') =>
      world.rendezvous.arrive(point, member, () => log.push(`${member} goes`), {
        stage: () => log.push(`stage ${member}`),
      });
    return { ...world, log, come };
  }

  it('calls them once all have come, and lets them go once all are staged', () => {
    const { come, settle, advance, rendezvous, log } = staging(2, 10);
    come(1);
    settle();
    expect(log).toEqual([]);
    come(2);
    settle();
    expect(log).toEqual(['stage 1', 'stage 2']);
    rendezvous.staged(1);
    advance(1000);
    expect(log).toHaveLength(2);
    rendezvous.staged(2);
    advance(9);
    expect(log).toHaveLength(2);
    advance(1);
    expect(log.slice(2)).toEqual(['1 goes', '2 goes']);
  });

  it('waits for one that is staged again, and does not call it again', () => {
    const { come, settle, advance, rendezvous, log } = staging(2, 10);
    for (const member of [1, 2]) come(member);
    settle();
    for (const member of [1, 2]) rendezvous.staged(member);
    rendezvous.withdraw(2);
    advance(100);
    expect(log).toEqual(['stage 1', 'stage 2']);
    rendezvous.staged(2);
    advance(10);
    expect(log.slice(2)).toEqual(['1 goes', '2 goes']);
  });

  it('waits for nobody else once some are called, so that nobody has to wait behind them', () => {
    const { come, settle, advance, rendezvous, log } = staging(3);
    for (const member of [1, 2]) come(member);
    advance(10_000);
    settle();
    expect(log).toEqual(['stage 1', 'stage 2']);
    // Member 3 is expected again, but elsewhere.
    rendezvous.miss('seat 9', 3);
    for (const member of [1, 2]) rendezvous.staged(member);
    settle();
    expect(log.slice(2)).toEqual(['1 goes', '2 goes']);
  });

  it('calls one that comes late at once', () => {
    const { come, settle, advance, rendezvous, log } = staging(3);
    for (const member of [1, 2]) come(member);
    advance(10_000);
    rendezvous.staged(1);
    come(3);
    settle();
    expect(log).toEqual(['stage 1', 'stage 2', 'stage 3']);
    for (const member of [2, 3]) rendezvous.staged(member);
    settle();
    expect(log.slice(3).toSorted()).toEqual(['1 goes', '2 goes', '3 goes']);
  });

  it('lets all go when one cannot be staged in time, counted from the latest one', () => {
    const { come, settle, advance, rendezvous, log } = staging(3);
    for (const member of [1, 2, 3]) come(member);
    settle();
    rendezvous.staged(1);
    advance(MAX_STAGING_MS - 1);
    rendezvous.staged(2);
    advance(MAX_STAGING_MS - 1);
    expect(log).toHaveLength(3);
    advance(1);
    expect(log.slice(3).toSorted()).toEqual(['1 goes', '2 goes', '3 goes']);
  });

  it('does not wait for one that fails while it is staged, or whose virtual user ends', () => {
    const { come, settle, rendezvous, log } = staging(4);
    for (const member of [1, 2, 3, 4]) come(member);
    settle();
    for (const member of [1, 2]) rendezvous.staged(member);
    rendezvous.miss('seat 1', 3);
    expect(log).toHaveLength(4);
    rendezvous.leave(4);
    settle();
    expect(log.slice(4).toSorted()).toEqual(['1 goes', '2 goes']);
  });

  it('lets all go when it is closed, staged or not, and leaves no timer behind', () => {
    const { come, settle, rendezvous, log, pendingTimers } = staging(2);
    for (const member of [1, 2]) come(member);
    settle();
    rendezvous.close();
    settle();
    expect(log.slice(2).toSorted()).toEqual(['1 goes', '2 goes']);
    expect(pendingTimers()).toBe(0);
  });
});

describe('contenders, in any order of events', () => {
  /** The seats that each contender tries, in order; it may skip some, and end early. */
  const lives = fc.array(fc.subarray([1, 2, 3, 4]), { minLength: 2, maxLength: 8 });

  it('all get through, go once, and are at the target only once all have come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), lives, async (scheduler, seatsOf) => {
        const { rendezvous, advance, releases } = meeting(seatsOf.length);
        const letGo: string[] = [];
        /** By seat. */
        const [arrived, staged]: Record<number, number>[] = [{}, {}] as const;
        const contender = async (member: number, seats: readonly number[]) => {
          for (const seat of seats) {
            await scheduler.schedule(Promise.resolve(), `VU ${member} comes to seat ${seat}`);
            const comers = seatsOf.filter((others) => others.includes(seat)).length;
            arrived[seat] = (arrived[seat] ?? 0) + 1;
            await new Promise<void>((resolve) => {
              const go = () => {
                // The first of a batch goes when all of it are staged.
                if (!letGo.some((gone) => gone.startsWith(`${seat}:`))) expect(staged[seat]).toBe(comers);
                letGo.push(`${seat}:${member}`);
                resolve();
              };
              const isStaged = (by: number) => {
                staged[seat] = (staged[seat] ?? 0) + by;
                if (by > 0) rendezvous.staged(member);
                else rendezvous.withdraw(member);
              };
              const stage = async () => {
                expect(arrived[seat]).toBe(comers);
                await scheduler.schedule(Promise.resolve(), `VU ${member} is staged`);
                isStaged(1);
                if (member % 2 === 0) return;
                await scheduler.schedule(Promise.resolve(), `VU ${member} loses its connection`);
                if (letGo.includes(`${seat}:${member}`)) return;
                isStaged(-1);
                await scheduler.schedule(Promise.resolve(), `VU ${member} is staged again`);
                isStaged(1);
              };
              rendezvous.arrive(`seat ${seat}`, member, go, { stage: () => void stage() });
            });
          }
          await scheduler.schedule(Promise.resolve(), `VU ${member} ends`);
          rendezvous.leave(member);
        };
        let over = false;
        const all = Promise.all(seatsOf.map((seats, index) => contender(index + 1, seats))).then(() => {
          over = true;
        });
        for (let step = 0; step < 1000 && !over; step++) {
          if (scheduler.count() > 0) await scheduler.waitOne();
          else advance(0);
          await Promise.resolve();
          await Promise.resolve();
          await Promise.resolve();
        }
        // No time has passed, so nobody was given up on.
        expect(over).toBe(true);
        await all;
        const visits = seatsOf.flat().length;
        expect(letGo).toHaveLength(visits);
        expect(new Set(letGo).size).toBe(visits);
        // A round has all contenders that try this seat.
        expect(releases).toHaveLength(new Set(seatsOf.flat()).size);
        for (const release of releases) {
          const seat = Number(release.point.replace('seat ', ''));
          expect(release.members).toBe(seatsOf.filter((seats) => seats.includes(seat)).length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('lose one timeout to a contender that vanishes, not one per seat', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 10 }), (parties, seats) => {
        const { arrive, advance, settle, releases } = meeting(parties, 100);
        for (let seat = 1; seat <= seats; seat++) {
          for (let member = 1; member < parties; member++) arrive(`seat ${seat}`, member);
          if (seat === 1) advance(100);
          settle();
        }
        expect(releases).toHaveLength(seats);
        expect(releases.every(({ members, underfilled }) => members === parties - 1 && underfilled)).toBe(true);
      }),
    );
  });
});
