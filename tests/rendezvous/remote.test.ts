import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Call,
  createHub,
  createRemoteRendezvous,
  type Move,
  type Release,
  type Stagger,
} from '../../plugin/src/rendezvous/index.ts';
import { manualClock } from '../support/manual-clock.ts';

const LEAD_MS = 5;
const TIMEOUT_MS = 100_000;

/** Delivers messages in order, each when `soon` says so. Messages under way are lost when the line is cut. */
function line<T>(soon: (deliver: () => void) => void) {
  const queue: T[] = [];
  let isCut = false;
  return {
    carry: (receive: (message: T) => void) => (message: T) => {
      queue.push(message);
      soon(() => {
        const next = queue.shift();
        if (next !== undefined && !isCut) receive(next);
      });
    },
    cut() {
      isCut = true;
    },
  };
}

interface Gone {
  readonly point: string;
  readonly member: number;
  readonly atMs: number;
  readonly plannedAtMs?: number;
}

/** A hub and threads, connected by `soon` only. */
function meeting(parties: number, threads: number, soon: (deliver: () => void) => void = (deliver) => deliver()) {
  const time = manualClock();
  const releases: Release[] = [];
  const gone: Gone[] = [];
  const hub = createHub({
    parties,
    timeoutMs: TIMEOUT_MS,
    settleMs: 0,
    clock: time.clock,
    leadMs: LEAD_MS,
    released: (release) => releases.push(release),
  });
  const workers = Array.from({ length: threads }, () => {
    const there = line<Move>(soon);
    const back = line<Call>(soon);
    const connection = hub.connect(back.carry((call) => rendezvous.receive(call)));
    const rendezvous = createRemoteRendezvous({
      send: there.carry(connection.receive),
      clock: { ...time.clock, blockUntil: time.blockUntil },
    });
    return {
      rendezvous,
      die() {
        there.cut();
        back.cut();
        connection.lost();
      },
    };
  });
  const worker = (member: number) => workers[member % threads] as (typeof workers)[number];
  return {
    ...time,
    hub,
    releases,
    gone,
    worker,
    arrive: (point: string, member: number, letGo?: () => void, stagger?: Stagger, stage?: () => void) =>
      worker(member).rendezvous.arrive(
        point,
        member,
        (plannedAtMs) => {
          gone.push({ point, member, atMs: time.now(), ...(plannedAtMs !== undefined && { plannedAtMs }) });
          letGo?.();
        },
        { stagger, ...(stage && { stage }) },
      ),
  };
}

const membersOf = (gone: readonly { readonly member: number }[]) => gone.map(({ member }) => member).toSorted();

describe('a rendezvous of several threads', () => {
  it('lets everybody go at one instant, once the last contender of any thread has come', () => {
    const { arrive, settle, advance, gone, releases } = meeting(4, 2);
    for (const member of [1, 2, 3]) arrive('seat 1', member);
    settle();
    advance(LEAD_MS);
    expect(gone).toEqual([]);
    arrive('seat 1', 4);
    settle();
    expect(gone).toEqual([]);
    const decidedAtMs = LEAD_MS;
    // The timers of both threads fire early, and the threads block until the instant.
    advance(LEAD_MS - 2);
    expect(membersOf(gone)).toEqual([1, 2, 3, 4]);
    expect(new Set(gone.map(({ atMs }) => atMs))).toEqual(new Set([decidedAtMs + LEAD_MS]));
    expect(releases).toEqual([{ point: 'seat 1', members: 4, underfilled: false }]);
  });

  it('has everybody staged once all have come, and lets all go once all are staged', () => {
    const { arrive, settle, advance, gone, worker } = meeting(3, 2);
    const staged: number[] = [];
    const come = (member: number) =>
      arrive('seat 1', member, undefined, undefined, () => {
        staged.push(member);
        if (member < 3) worker(member).rendezvous.staged(member);
      });
    for (const member of [1, 2]) come(member);
    settle();
    expect(staged).toEqual([]);
    come(3);
    settle();
    expect(staged.toSorted()).toEqual([1, 2, 3]);
    advance(LEAD_MS);
    expect(gone).toEqual([]);
    worker(3).rendezvous.staged(3);
    settle();
    advance(LEAD_MS);
    expect(membersOf(gone)).toEqual([1, 2, 3]);
  });

  it('lets members go at once if their thread hears of the release too late', () => {
    const waiting: (() => void)[] = [];
    const { arrive, settle, advance, gone } = meeting(2, 2, (deliver) => waiting.push(deliver));
    const deliver = () => {
      for (const message of waiting.splice(0)) message();
    };
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    deliver();
    settle();
    advance(50);
    deliver();
    expect(gone.map(({ atMs }) => atMs)).toEqual([50, 50]);
  });

  it('lets each member go at the right instant of one ramp, in any thread', () => {
    const { arrive, settle, advance, gone } = meeting(4, 2);
    for (const member of [1, 2, 3, 4]) arrive('seat 1', member, undefined, { offsetMs: 0, spanMs: 30 });
    settle();
    for (let ms = 0; ms < LEAD_MS + 30; ms++) advance(1);
    expect(gone.map(({ atMs, plannedAtMs }) => [atMs, plannedAtMs])).toEqual(
      [0, 10, 20, 30].map((offsetMs) => [LEAD_MS + offsetMs, LEAD_MS + offsetMs]),
    );
    expect(membersOf(gone)).toEqual([1, 2, 3, 4]);
  });

  it('keeps the instant of a member that is staged again before it, and makes nobody wait again', () => {
    const { arrive, settle, advance, gone, releases, worker } = meeting(2, 2);
    const late = { offsetMs: 50, spanMs: 0 };
    arrive('seat 1', 1);
    arrive('seat 1', 2, undefined, late);
    settle();
    advance(LEAD_MS);
    worker(2).rendezvous.withdraw(2);
    worker(2).rendezvous.staged(2);
    for (let ms = 0; ms < 60; ms++) advance(1);
    expect(gone.map(({ member, atMs }) => [member, atMs])).toEqual([
      [1, LEAD_MS],
      [2, LEAD_MS + 50],
    ]);
    for (const member of [1, 2]) arrive('seat 2', member);
    settle();
    expect(releases.map(({ members }) => members)).toEqual([2, 2]);
  });

  it('does not mix up two releases that are under way at once', () => {
    const { arrive, settle, advance, gone, hub } = meeting(5, 2);
    for (const member of [1, 2]) arrive('seat 1', member);
    for (const member of [3, 4]) arrive('seat 2', member);
    hub.close();
    settle();
    advance(LEAD_MS);
    expect(membersOf(gone)).toEqual([1, 2, 3, 4]);
    expect(gone.filter(({ point }) => point === 'seat 2').map(({ member }) => member)).toHaveLength(2);
  });

  it('lets a member go as decided if it withdraws after the release', () => {
    const { arrive, settle, advance, gone, worker } = meeting(2, 2);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    settle();
    worker(1).rendezvous.withdraw(1);
    advance(LEAD_MS);
    expect(membersOf(gone)).toEqual([1, 2]);
    // The late message about the old point does not disturb the next one.
    arrive('seat 2', 1);
    arrive('seat 2', 2);
    settle();
    advance(LEAD_MS);
    expect(gone).toHaveLength(4);
  });

  it('waits neither for the members of a dead thread nor for members that miss the point', () => {
    const { arrive, settle, advance, gone, releases, worker } = meeting(4, 2);
    for (const member of [1, 2, 3]) arrive('seat 1', member);
    worker(1).die();
    settle();
    expect(releases).toEqual([]);
    worker(4).rendezvous.miss('seat 1', 4);
    settle();
    advance(LEAD_MS);
    expect(membersOf(gone)).toEqual([2]);
    expect(releases).toEqual([{ point: 'seat 1', members: 1, underfilled: true }]);
  });

  it('lets the members of a closing thread go, and all members when the hub closes', () => {
    const { arrive, settle, advance, gone, worker, hub, pendingTimers } = meeting(4, 2);
    arrive('seat 1', 1);
    arrive('seat 1', 2);
    worker(1).rendezvous.close();
    expect(membersOf(gone)).toEqual([1]);
    hub.close();
    settle();
    advance(LEAD_MS);
    expect(membersOf(gone)).toEqual([1, 2]);
    expect(pendingTimers()).toBe(0);
  });
});

describe('contenders in several threads, in any order of events', () => {
  /** How many seats each contender goes for before it ends. */
  const lives = fc.array(fc.nat({ max: 4 }), { minLength: 2, maxLength: 8 });
  const threads = fc.integer({ min: 1, max: 4 });

  /** Runs all contenders to the end, with messages and moves in any order. Time passes when nothing else can happen. */
  async function run(
    scheduler: fc.Scheduler,
    seatsSurvived: readonly number[],
    threads: number,
    stepMs: number,
    dies?: { readonly thread: number; readonly when: number },
    staggers: readonly (Stagger | undefined)[] = [],
  ) {
    const world = meeting(seatsSurvived.length, threads, (deliver) => {
      void scheduler.schedule(Promise.resolve(), 'a message').then(deliver);
    });
    const isDead = (member: number) => dies !== undefined && hasDied && member % threads === dies.thread;
    let hasDied = false;
    const contender = async (member: number, seats: number) => {
      for (let seat = 1; seat <= seats; seat++) {
        await scheduler.schedule(Promise.resolve(), `VU ${member} comes to seat ${seat}`);
        if (isDead(member)) return;
        const stagger = staggers[(member + seat) % staggers.length];
        const stage = async () => {
          await scheduler.schedule(Promise.resolve(), `VU ${member} is staged`);
          if (!isDead(member)) world.worker(member).rendezvous.staged(member);
        };
        await new Promise<void>((resolve) =>
          world.arrive(`seat ${seat}`, member, resolve, stagger, () => void stage()),
        );
      }
      await scheduler.schedule(Promise.resolve(), `VU ${member} ends`);
      if (!isDead(member)) world.worker(member).rendezvous.leave(member);
    };
    const ended = new Set<number>();
    seatsSurvived.forEach((seats, index) => {
      void contender(index + 1, seats).then(() => ended.add(index + 1));
    });
    const mustEnd = seatsSurvived.map((_, index) => index + 1).filter((member) => member % threads !== dies?.thread);
    for (let step = 0; step < 2000 && !mustEnd.every((member) => ended.has(member)); step++) {
      if (step === dies?.when) {
        hasDied = true;
        world.worker(dies.thread).die();
      }
      if (scheduler.count() > 0) await scheduler.waitOne();
      else world.advance(stepMs);
      for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    }
    const letGo = world.gone.map(({ point, member }) => `${point}: ${member}`);
    expect(mustEnd.filter((member) => !ended.has(member))).toEqual([]);
    expect(new Set(letGo).size).toBe(letGo.length);
    return world;
  }

  it('all get through, go once, and go at one instant in each round', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), lives, threads, async (scheduler, seatsSurvived, threads) => {
        const { gone, releases, now } = await run(scheduler, seatsSurvived, threads, LEAD_MS - 2);
        // Nobody was given up on.
        expect(now()).toBeLessThan(TIMEOUT_MS);
        expect(gone).toHaveLength(seatsSurvived.reduce((sum, seats) => sum + seats, 0));
        for (const { point, members, underfilled } of releases) {
          const seat = Number(point.replace('seat ', ''));
          expect(members).toBe(seatsSurvived.filter((seats) => seats >= seat).length);
          expect(underfilled).toBe(members < seatsSurvived.length);
          expect(new Set(gone.filter((left) => left.point === point).map(({ atMs }) => atMs)).size).toBe(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('all get through with offsets, and nobody goes before the planned instant', async () => {
    const staggers = fc.array(
      fc.constantFrom<Stagger | undefined>(undefined, { offsetMs: -9, spanMs: 0 }, { offsetMs: 4, spanMs: 40 }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        lives,
        threads,
        staggers,
        async (scheduler, seatsSurvived, threads, staggers) => {
          const { gone, releases, now } = await run(
            scheduler,
            seatsSurvived,
            threads,
            LEAD_MS - 2,
            undefined,
            staggers,
          );
          expect(now()).toBeLessThan(TIMEOUT_MS);
          expect(gone).toHaveLength(seatsSurvived.reduce((sum, seats) => sum + seats, 0));
          for (const { atMs, plannedAtMs } of gone) expect(atMs).toBeGreaterThanOrEqual((plannedAtMs ?? atMs) - 1e-9);
          for (const { point, members } of releases) {
            const seat = Number(point.replace('seat ', ''));
            expect(members).toBe(seatsSurvived.filter((seats) => seats >= seat).length);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('those of other threads get through when a thread dies', async () => {
    const death = fc.record({ thread: fc.nat({ max: 3 }), when: fc.nat({ max: 60 }) });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), lives, death, async (scheduler, seatsSurvived, { thread, when }) => {
        await run(scheduler, seatsSurvived, 4, TIMEOUT_MS / 2, { thread, when });
      }),
      { numRuns: 300 },
    );
  });
});
