import { beforeEach, describe, expect, it } from 'vitest';
import { createRoundTable } from '../../plugin/src/artillery/shared/round-table.ts';
import { Contender } from '../../plugin/src/artillery/worker/contender.ts';
import type { EndedRequest } from '../../plugin/src/artillery/worker/ended-request.ts';
import { NO_NEXT_PASS } from '../../plugin/src/artillery/worker/next-pass.ts';
import type { Race } from '../../plugin/src/artillery/worker/race-parts.ts';
import { createRounds } from '../../plugin/src/artillery/worker/rounds.ts';
import type { Agents, Exchange, Holder, OutgoingRequest, SendAnother } from '../../plugin/src/gate/index.ts';
import { plan } from '../support/histories.ts';

const AGENTS = { httpAgent: {}, httpsAgent: {} } as Agents;
const A1 = { inventory: 'A1', intent: {} };
const request = {} as OutgoingRequest;
const send: SendAnother = () => Promise.reject(new Error('the fakes send nothing'));

/** What the contender did, in order. */
let log: string[];
/** What it handed to the gate, the rendezvous and the recorder. */
let holder: Holder;
let letGo: (plannedAtMs?: number) => void;
let ended: EndedRequest[];
let isTaken: boolean;
const learnt: unknown[] = [];
let isFine: boolean;
let releases: number | undefined;

beforeEach(() => {
  log = [];
  ended = [];
  learnt.length = 0;
  isTaken = false;
  isFine = true;
  releases = undefined;
});

function race(release: Race['release'] = { shape: 'simultaneous', spanMs: 0, delayMs: 0 }): Race {
  const seats = plan({ inventories: [{ key: 'A1', capacity: 1 }] });
  return {
    release,
    gate: {
      hold(held) {
        holder = held;
        return AGENTS;
      },
    },
    rendezvous: {
      arrive(point, vu, callback, { stagger } = {}) {
        log.push(`VU ${vu} arrives at ${point.replace('\n', ', visit ')}${stagger ? ` ${stagger.instantMs}` : ''}`);
        letGo = callback;
      },
      staged: (vu) => void log.push(`VU ${vu} is staged`),
      withdraw: (vu) => void log.push(`VU ${vu} withdraws`),
      miss: (point, vu) => void log.push(`VU ${vu} misses ${point.replace('\n', ', visit ')}`),
      leave: (vu) => void log.push(`VU ${vu} leaves`),
      whenQuiet: (callback) => callback(),
      close() {},
    },
    rounds: createRounds(createRoundTable(seats), seats),
    turns: undefined,
    racesInTurn: 1,
    queue: undefined,
    learn: (sent) => void learnt.push(sent),
    isTaken: async () => isTaken,
    rehearse: async (vu) => void log.push(`VU ${vu} rehearses`),
    released: (vu) => void log.push(`VU ${vu} is released`),
    ended(request, isKept) {
      ended.push(request);
      if (isKept) log.push(`VU ${request.vu} waits for a decision`);
    },
    releases: () => releases,
    async sendOnce({ name, raced }, sent) {
      const after = raced.map(({ inventory, completedAtMs }) => `${inventory} at ${completedAtMs}`).join(', ');
      log.push(`all get the answer of ${name.replace('\n', ', visit ')} after ${after || 'nothing'}`);
      return { exchange: { ...exchange(1), request: sent }, isFine };
    },
    settling: {
      keep() {},
      async settle(vu, { settles }, sent) {
        log.push(`VU ${vu} asks about ${settles}`);
        return { ...exchange(1), request: sent };
      },
      giveUp() {},
      close() {},
    },
    inventories: ['A1'],
    nextPass: NO_NEXT_PASS,
    placeFor: () => undefined,
    traceHeaders: () => [],
  };
}

const spreads: number[] = [];
const metrics = { emit: (_kind: string, _name: string, value?: number) => void spreads.push(value ?? 0) };
const exchange = (releasedAtMs?: number) =>
  ({
    request,
    reply: { kind: 'complete' },
    timing: { completedAtMs: 9, ...(releasedAtMs !== undefined && { releasedAtMs }) },
  }) as Exchange;
const stage = () => {};
const release = () => log.push('the last byte leaves');

describe('a contender', () => {
  it('meets the others, gets the answer of one of them, and says what it has raced for since', async () => {
    const contender = new Contender(7, race());
    const meet = async () => {
      contender.enter({ once: 'cart', allow: [] }, metrics);
      const met = holder.prepare?.(request, send);
      letGo();
      await met;
    };
    await meet();
    for (const inventory of ['A1', 'A2', 'A1']) {
      contender.enter({ inventory, intent: {} }, metrics);
      await holder.prepare?.(request, send);
      holder.done(exchange());
    }
    await meet();
    await meet();
    expect(log.filter((entry) => entry.startsWith('all get'))).toEqual([
      'all get the answer of once cart, visit 1 after nothing',
      'all get the answer of once cart, visit 2 after A1 at 9, A2 at 9',
      'all get the answer of once cart, visit 3 after nothing',
    ]);
    expect(contender).toMatchObject({ isRacing: false, broken: undefined });
  });

  it('does not race a round whose preparation failed', async () => {
    isFine = false;
    const contender = new Contender(7, race());
    contender.enter({ once: 'cart', allow: [] }, metrics);
    const met = holder.prepare?.(request, send);
    letGo();
    await met;
    expect(contender.broken).toMatchObject({ why: 'not prepared' });
    contender.enter(A1, metrics);
    expect(await holder.prepare?.(request, send)).toBe('skip');
    expect(contender.broken).toMatchObject({ why: 'not sent' });
  });

  it('waits for everybody where each goes for anything, and numbers rounds by release', async () => {
    releases = 2;
    const contender = new Contender(7, race());
    contender.enter(A1, metrics);
    await holder.prepare?.(request, send);
    holder.gather?.(release, release);
    expect(log.at(-1)).toBe('VU 7 arrives at anywhere');
    holder.done(exchange(1));
    expect(ended).toMatchObject([{ round: 2 }]);
  });

  it('keeps its attempt back if its flow has something that decides it', async () => {
    const contender = new Contender(7, race(), true);
    contender.enter(A1, metrics);
    await holder.prepare?.(request, send);
    holder.done(exchange(1));
    contender.enter({ settles: 'A1', everyMs: 1, withinMs: 1 }, metrics);
    expect(await holder.prepare?.(request, send)).toMatchObject({ reply: { kind: 'complete' } });
    expect(log.slice(-2)).toEqual(['VU 7 waits for a decision', 'VU 7 asks about A1']);
  });

  it('rehearses once, is held until the others have come, and is free again after the answer', async () => {
    const contender = new Contender(7, race());
    expect(contender.isRacing).toBe(false);
    for (const visit of [1, 2]) {
      expect(contender.enter(A1, metrics)).toBe(AGENTS);
      expect(contender).toMatchObject({ isRacing: true, isEntering: true });
      expect(await holder.prepare?.(request, send)).toBe('go');
      expect(contender).toMatchObject({ isRacing: true, isEntering: false });
      holder.gather?.(stage, release);
      holder.staged(release);
      letGo();
      holder.released?.();
      holder.done(exchange(visit));
      expect(contender).toMatchObject({ isRacing: false, isEntering: false });
    }
    expect(learnt).toEqual([request, request]);
    expect(log).toEqual([
      'VU 7 rehearses',
      'VU 7 arrives at A1, visit 1',
      'VU 7 is staged',
      'the last byte leaves',
      'VU 7 is released',
      'VU 7 arrives at A1, visit 2',
      'VU 7 is staged',
      'the last byte leaves',
      'VU 7 is released',
    ]);
    expect(ended).toMatchObject([
      { vu: 7, round: 1, line: A1 },
      { vu: 7, round: 2, line: A1 },
    ]);
    expect(ended[0]).not.toHaveProperty('plannedAtMs');
  });

  it('does not send a request for an inventory that was taken before the race', async () => {
    isTaken = true;
    const contender = new Contender(7, race());
    contender.enter(A1, metrics);
    expect(await holder.prepare?.(request, send)).toBe('skip');
    expect(contender.isRacing).toBe(false);
    expect([log, ended]).toEqual([[], []]);
  });

  it('is staged again after its connection was lost, and counts once in the round', async () => {
    spreads.length = 0;
    const shared = race();
    const [one, two] = [new Contender(1, shared), new Contender(2, shared)];
    one.enter(A1, metrics);
    await holder.prepare?.(request, send);
    holder.gather?.(stage, release);
    holder.staged(release);
    holder.withdrawn?.();
    holder.staged(release);
    const first = holder;
    two.enter(A1, metrics);
    await holder.prepare?.(request, send);
    holder.gather?.(stage, release);
    first.done(exchange(4));
    expect(spreads).toEqual([]);
    holder.done(exchange(5.5));
    expect(spreads).toEqual([1.5]);
    expect(log.filter((line) => line.startsWith('VU 1'))).toEqual([
      'VU 1 rehearses',
      'VU 1 arrives at A1, visit 1',
      'VU 1 is staged',
      'VU 1 withdraws',
      'VU 1 is staged',
    ]);
  });

  it('that fails before its release is not waited for, and its attempt is recorded', async () => {
    const contender = new Contender(7, race());
    contender.enter(A1, metrics);
    await holder.prepare?.(request, send);
    holder.done(exchange());
    expect(log).toEqual(['VU 7 rehearses', 'VU 7 misses A1, visit 1']);
    expect(ended).toMatchObject([{ vu: 7, round: 1 }]);
    expect(contender.isRacing).toBe(false);
  });

  it('records the instant that was planned for its release', async () => {
    new Contender(7, race()).enter(A1, metrics);
    await holder.prepare?.(request, send);
    holder.gather?.(stage, release);
    letGo(42);
    holder.done(exchange(42.1));
    expect(ended).toMatchObject([{ plannedAtMs: 42 }]);
  });

  it('goes at an instant after its previous release if the settings say so', async () => {
    const contender = new Contender(7, race({ shape: 'simultaneous', spanMs: 0, delayMs: 0, afterPreviousMs: 300 }));
    for (const releasedAtMs of [1000, 1300]) {
      contender.enter(A1, metrics);
      await holder.prepare?.(request, send);
      holder.gather?.(stage, release);
      holder.done(exchange(releasedAtMs));
    }
    expect(log.filter((line) => line.includes('arrives'))).toEqual([
      'VU 7 arrives at A1, visit 1',
      'VU 7 arrives at A1, visit 2 1300',
    ]);
  });

  it('is not waited for once its virtual user has ended', () => {
    new Contender(7, race()).leave();
    expect(log).toEqual(['VU 7 leaves']);
  });
});
