import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { OwnServer } from '../../proving-ground/servers/process.ts';
import { startRedis } from '../../proving-ground/servers/redis.ts';
import { type FinishedRun, findingsOf } from '../support/artillery.ts';
import { correct, type Temperament } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { hasJoined, newRun, startFleet } from '../support/machines.ts';
import { SEATS, suiteFor } from '../support/suites.ts';

let redis: OwnServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** A loss is noticed within 4 s, at the next heartbeat; the rest is for the last lines and for the verdict. */
const HEARTBEAT_MS = 5000;
const ENDING_MS = 8000;
const VUS = 10;
const ALL = 3 * VUS;

const attemptsOn = (run: FinishedRun, seat: string | undefined) =>
  run.history?.attempts.filter(({ inventory, releasedAtMs }) => inventory === seat && releasedAtMs !== undefined) ?? [];

/** Answers as `sell` does, and calls `act` once with the request of that number. */
const withAct =
  (at: number, act: () => void, sell: Temperament): Temperament =>
  (booking) => {
    if (booking.total === at) act();
    return sell(booking);
  };
const late: Temperament = async (booking) => {
  await sleep(500);
  return correct()(booking);
};
const sellsToAll: Temperament = ({ answer, store }) => answer(201, { order_id: store() });

describe('a machine that is killed', () => {
  const cases = [
    // The number of the request at which it is killed; the rounds that were released then.
    { name: 'a guest before the first release', victim: 2, at: 0, released: 0 },
    { name: 'a guest during a release', victim: 2, at: ALL + 5, released: 2 },
    { name: 'a guest after a release', victim: 1, at: ALL, released: 1 },
    { name: 'the host before the first release', victim: 0, at: 0, released: 0 },
    { name: 'the host during a release', victim: 0, at: ALL + 5, released: 2 },
    { name: 'the host after a release', victim: 0, at: ALL, released: 1 },
  ];
  it.for(cases)('$name', async ({ name, victim, at, released }, { target }) => {
    let children: readonly ChildProcess[] = [];
    let killedAtMs = 0;
    const kill = () => {
      killedAtMs = performance.now();
      children[victim]?.kill('SIGKILL');
    };
    const server = await target(withAct(at, kill, late));
    const run = newRun(name);
    const suite = suiteFor(server.url, { vus: VUS });
    const fleet = await startFleet(suite, { url: redis.url, run, machines: 3 });
    children = fleet.children;
    if (at === 0) {
      await hasJoined(redis.url, run, 3);
      kill();
    }
    const runs = await fleet.ended;
    const survivors = runs.filter((_, index) => index !== victim);
    expect(survivors.map(({ code }) => code)).toEqual([4, 4]);
    for (const each of survivors) expect(findingsOf(each)).toContain('machine-lost');
    expect(fleet.endedAtMs() - killedAtMs).toBeLessThan(HEARTBEAT_MS + ENDING_MS);
    // What they had recorded until then is there, and nothing came after it.
    for (const each of survivors) {
      expect(SEATS.filter((seat) => attemptsOn(each, seat).length > 0).length).toBeLessThanOrEqual(released + 1);
      if (released > 0) expect(attemptsOn(each, SEATS[0])).toHaveLength(VUS);
    }
    expect(server.requests()).toBeLessThanOrEqual((released + 1) * ALL - (released === 0 ? ALL : 0));
  });

  it('does not hide two known winners', async ({ target }) => {
    let children: readonly ChildProcess[] = [];
    const server = await target(withAct(ALL + 5, () => children[2]?.kill('SIGKILL'), sellsToAll));
    const fleet = await startFleet(suiteFor(server.url, { vus: VUS }), {
      url: redis.url,
      run: newRun('winners'),
      machines: 3,
    });
    children = fleet.children;
    const [host, guest] = await fleet.ended;
    expect([host?.code, guest?.code]).toEqual([3, 3]);
    expect(findingsOf(host as FinishedRun)).toEqual(expect.arrayContaining(['double-booking', 'machine-lost']));
  });
});

describe('a machine that is stopped', () => {
  const cases = [
    { name: 'Ctrl-C on a guest before the first release', signal: 'SIGINT', victim: 2, at: 0, code: 130 },
    { name: 'Ctrl-C on a guest during a release', signal: 'SIGINT', victim: 2, at: ALL + 5, code: 4 },
    { name: 'Ctrl-C on the host during a release', signal: 'SIGINT', victim: 0, at: ALL + 5, code: 4 },
    { name: 'a guest that sleeps and wakes up', signal: 'SIGSTOP', victim: 1, at: ALL + 5, code: 4 },
    { name: 'a host that sleeps and wakes up', signal: 'SIGSTOP', victim: 0, at: ALL + 5, code: 4 },
  ] as const;
  it.for(cases)('$name', async ({ name, signal, victim, at, code }, { target }) => {
    let children: readonly ChildProcess[] = [];
    let stoppedAtMs = 0;
    const stop = () => {
      stoppedAtMs = performance.now();
      children[victim]?.kill(signal);
    };
    const server = await target(withAct(at, stop, late));
    const run = newRun(name);
    const options = { url: redis.url, run, machines: 3, isLaunched: signal === 'SIGINT' };
    const fleet = await startFleet(suiteFor(server.url, { vus: VUS }), options);
    children = fleet.children;
    if (at === 0) {
      await hasJoined(redis.url, run, 3);
      stop();
    }
    await Promise.all(fleet.each.filter((_, index) => index !== victim));
    expect(performance.now() - stoppedAtMs).toBeLessThan(HEARTBEAT_MS + ENDING_MS);
    children[victim]?.kill('SIGCONT');
    const runs = await fleet.ended;
    expect(runs.map((each) => each.code)).toEqual(runs.map((_, index) => (index === victim ? code : 4)));
    for (const [index, each] of runs.entries()) {
      if (index !== victim || signal === 'SIGSTOP') expect(findingsOf(each)).toContain('machine-lost');
      else if (at > 0) expect(findingsOf(each)).toContain('incomplete');
      expect(attemptsOn(each, SEATS[2])).toEqual([]);
    }
    expect(server.requests()).toBeLessThanOrEqual(at === 0 ? 0 : 2 * ALL);
  });
});

describe('a machine that never comes', () => {
  it('is waited for, and nothing is booked', async ({ target }) => {
    const server = await target();
    const options = {
      url: redis.url,
      run: newRun('too-few'),
      machines: 3,
      started: 2,
      env: { ORDER_JOIN_MS: '10000' },
    };
    const fleet = await startFleet(suiteFor(server.url, { vus: VUS }), options);
    const runs = await fleet.ended;
    expect(runs.map(({ code }) => code)).toEqual([4, 4]);
    for (const each of runs) {
      expect(findingsOf(each)).toContain('machine-lost');
      expect(each.stdout).toContain('2 of 3 machines came');
    }
    expect(server.requests()).toBe(0);
  });
});

describe('Redis', () => {
  it.for([
    ['killed', false],
    ['killed, and back empty', true],
  ] as const)('%s in the middle', async ([name, isBack], { target, open }) => {
    const own = await startRedis();
    let killedAtMs = 0;
    let restarted: Promise<OwnServer> | undefined;
    const kill = () => {
      killedAtMs = performance.now();
      const stopped = own.stop();
      if (isBack) restarted = stopped.then(() => startRedis(own.url));
    };
    const server = await target(withAct(ALL + 5, kill, late));
    const run = newRun(name);
    const fleet = await startFleet(suiteFor(server.url, { vus: VUS }), {
      url: own.url,
      run,
      machines: 3,
    });
    const runs = await fleet.ended;
    const again = await restarted;
    if (again !== undefined) await open({ close: () => again.stop() });
    expect(runs.map(({ code }) => code)).toEqual([4, 4, 4]);
    for (const each of runs) {
      expect(findingsOf(each)).toContain('machine-lost');
      expect(attemptsOn(each, SEATS[0])).toHaveLength(VUS);
      expect(attemptsOn(each, SEATS[2])).toEqual([]);
      const password = new URL(own.url).password;
      const written = each.files.map((file) => fs.readFileSync(path.join(each.outputDir, file), 'utf8'));
      for (const text of [each.stdout, each.stderr, ...written]) expect(text).not.toContain(password);
    }
    expect(fleet.endedAtMs() - killedAtMs).toBeLessThan(HEARTBEAT_MS + ENDING_MS);
  });
});
