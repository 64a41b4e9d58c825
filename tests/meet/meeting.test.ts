import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { readRun } from '../../plugin/src/meet/history.ts';
import { type Lost, type MeetOptions, openMeeting } from '../../plugin/src/meet/index.ts';
import type { OwnServer } from '../../proving-ground/servers/process.ts';
import { startRedis } from '../../proving-ground/servers/redis.ts';
import { it as test } from '../support/fixtures.ts';

let redis: OwnServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

let runs = 0;
const originNs = process.hrtime.bigint();
const nowMs = () => Number(process.hrtime.bigint() - originNs) / 1e6;

const it = test.extend('machine', ({ open }) => async (options: Partial<MeetOptions> = {}) => {
  const heard: [number, unknown][] = [];
  const lost: Lost[] = [];
  const meeting = openMeeting(
    { url: redis.url, run: `run-${runs}`, machines: 2, plan: { contenders: '20' }, joinMs: 1000, originNs, ...options },
    { message: (machine, value) => heard.push([machine, value]), lost: (what) => lost.push(what) },
  );
  await open(meeting);
  return { ...meeting, heard, lost };
});
const newRun = () => {
  runs++;
};

describe('machines that meet', () => {
  it('get numbers in the order in which they come, and hear each other in order', async ({ machine }) => {
    newRun();
    const host = await machine();
    const guest = await machine();
    expect([host.machine, guest.machine]).toEqual([1, 2]);
    for (const value of ['one', 'two', 'three']) guest.send('host', value);
    host.send('all', 'go');
    host.send(2, 'only you');
    await vi.waitFor(() => expect(host.heard).toHaveLength(4));
    await vi.waitFor(() => expect(guest.heard).toHaveLength(2));
    expect(host.heard.filter(([from]) => from === 2)).toEqual([
      [2, 'one'],
      [2, 'two'],
      [2, 'three'],
    ]);
    expect(guest.heard).toEqual([
      [1, 'go'],
      [1, 'only you'],
    ]);
  });

  it('have a clock in common, and know how wrong it may be', async ({ machine }) => {
    newRun();
    const host = await machine();
    const guest = await machine();
    const atMs = nowMs();
    const [one, two] = await Promise.all([host.ask('clock', { atMs }), guest.ask('clock', { atMs })]);
    if (one === undefined || two === undefined) throw new Error('no clock');
    // Both have the same clock of their own here, so both offsets must be the same.
    expect(Math.abs(one.offsetMs - two.offsetMs)).toBeLessThanOrEqual(one.errorMs + two.errorMs);
    expect(one.errorMs).toBeGreaterThan(0);
    expect(Math.abs(host.offsetMs() - one.offsetMs)).toBeLessThan(10);
  });

  it('share histories, the verdict, and the answer to a request that one sends for all', async ({ machine }) => {
    newRun();
    const host = await machine();
    const guest = await machine();
    guest.record(['{"type":"attempt"}', '{"type":"end"}']);
    await guest.ask('flush', {});
    expect(host.askNow('history', {}, 5000)).toEqual([{ machine: 2, lines: ['{"type":"attempt"}', '{"type":"end"}'] }]);
    const waiting = guest.ask('take', { key: { kind: 'verdict' }, timeoutMs: 5000 });
    await host.ask('put', { key: { kind: 'verdict' }, text: '{"verdict":"pass"}' });
    expect(await waiting).toBe('{"verdict":"pass"}');
    expect(guest.askNow('take', { key: { kind: 'once', name: 'A1' }, timeoutMs: 0 }, 5000)).toBeUndefined();
    expect(await readRun(redis.url, `run-${runs}`)).toEqual([{ machine: 2, lines: expect.any(Array) }]);
  });

  it('leave with a goodbye, and are not lost then', async ({ machine }) => {
    newRun();
    const host = await machine();
    const guest = await machine();
    await guest.close();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(host.lost).toEqual([]);
  });
});

describe('a machine that may not take part', () => {
  it.for([
    [
      { plan: { contenders: '30' } },
      'contenders differs from that of the first machine of the run "run-N": 20 there, 30 here',
    ],
    [{ machines: 3 }, 'machines differs from that of the first machine of the run "run-N": 2 there, 3 here'],
  ] as const)('is refused by name: %o', async ([options, message], { machine }) => {
    newRun();
    await machine();
    await expect(machine(options)).rejects.toThrow(message.replace('run-N', `run-${runs}`));
    // The refused one took no number.
    expect((await machine()).machine).toBe(2);
    await expect(machine()).rejects.toThrow('has its 2 machines already');
  });

  it('is refused where the run is over', async ({ machine }) => {
    newRun();
    const host = await machine();
    await host.ask('put', { key: { kind: 'verdict' }, text: '{}' });
    await expect(machine()).rejects.toThrow(`the run "run-${runs}" is over`);
  });
});

describe('a Redis that cannot be used', () => {
  it('is named, without its password', async ({ machine }) => {
    const refused = machine({ url: 'redis://:hunter2-secret@127.0.0.1:1' });
    await expect(refused).rejects.toThrow('Redis at 127.0.0.1:1 cannot be used');
    await expect(refused).rejects.not.toThrow('hunter2');
    await expect(machine({ url: redis.url.replace(/:[^:@]+@/, ':wrong-secret@') })).rejects.toThrow('cannot be used');
    await expect(readRun(redis.url, 'never was')).rejects.toThrow('the run "never was" is not known');
  });

  it('is lost where it goes away', async ({ machine, open }) => {
    const own = await startRedis();
    const host = await machine({ url: own.url });
    await own.stop();
    await vi.waitFor(() => expect(host.lost).toContainEqual({ kind: 'redis' }), { timeout: 9000 });
    await open({ close: () => {} });
  });
});
