import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRendezvous, MAX_REST_MS, REST_STEP_MS, type Release } from '../../plugin/src/rendezvous/index.ts';
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

  it('gives members a moment to withdraw and arrive again', () => {
    const { arrive, advance, rendezvous, gone } = meeting(2, 1000, 10);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    advance(9);
    rendezvous.withdraw(1);
    advance(100);
    expect(gone).toEqual([]);
    arrive('seat 1', 1);
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
    arrive('seat 1', 1);
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
    rendezvous.withdraw(1);
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

describe('contenders, in any order of events', () => {
  /** The seats that each contender tries, in order; it may skip some, and end early. */
  const lives = fc.array(fc.subarray([1, 2, 3, 4]), { minLength: 2, maxLength: 8 });

  it('all get through, and go once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), lives, async (scheduler, seatsOf) => {
        const { rendezvous, advance, releases } = meeting(seatsOf.length);
        const letGo: string[] = [];
        const contender = async (member: number, seats: readonly number[]) => {
          for (const seat of seats) {
            await scheduler.schedule(Promise.resolve(), `VU ${member} comes to seat ${seat}`);
            await new Promise<void>((resolve) =>
              rendezvous.arrive(`seat ${seat}`, member, () => {
                letGo.push(`${seat}:${member}`);
                resolve();
              }),
            );
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
