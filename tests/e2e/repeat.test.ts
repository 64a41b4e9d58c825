import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { findingsOf, launchSuite, root, runCommand, runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { bookSeat, reset, seatShop } from '../support/seat-shop.ts';
import { suiteFor } from '../support/suites.ts';

const flow = [{ loop: [reset, bookSeat], over: '$inventories' }];
const readBack = { path: '/seats/{id}', settleMs: 0 };
const race = {
  inventories: ['A1', 'A2'],
  contenders: 4,
  readBack,
  rehearsal: 'off',
  limits: { overlap: 0, spreadMs: 200 },
};
const config = { phases: [{ duration: 1, arrivalCount: 4 }] };

describe('rounds that repeat', () => {
  it('go through all inventories again and again, each visit judged by itself', async ({ open }) => {
    const seats = await open(seatShop());
    const run = await runSuite(suiteFor(seats.url, { race: { ...race, repeat: 3 }, config, flow }));
    expect([run.stderr, run.code, findingsOf(run)]).toEqual(['', 0, []]);
    expect(run.verdict?.rounds.map(({ number, inventory, visit, ok }) => [number, inventory, visit, ok])).toEqual([
      [1, 'A1', 1, 1],
      [2, 'A2', 1, 1],
      [3, 'A1', 2, 1],
      [4, 'A2', 2, 1],
      [5, 'A1', 3, 1],
      [6, 'A2', 3, 1],
    ]);
    expect(seats.log.slice(0, 6)).toEqual([
      'A1 is freed',
      'A1 has 0',
      'A1 has 1',
      'A2 is freed',
      'A2 has 0',
      'A2 has 1',
    ]);
    expect(run.verdict?.totals).toEqual({ requests: 24, ok: 6, fail: 18, info: 0 });
    expect(run.verdict?.strength).toMatchObject({ rounds: 6 });
  });

  it('may be many: the page stays small, and the log short', async ({ open }) => {
    const seats = await open(seatShop());
    const ten = { phases: [{ duration: 1, arrivalCount: 10 }] };
    const run = await runSuite(
      suiteFor(seats.url, { race: { ...race, contenders: 10, repeat: 150 }, config: ten, flow }),
    );
    expect([run.code, findingsOf(run), run.verdict?.rounds.length]).toEqual([0, [], 300]);
    expect(run.verdict?.headline).toBe('In each of 300 rounds, the seat was booked exactly once.');
    expect(run.stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(90);
    const page = run.files.find((file) => file.endsWith('.html')) ?? '';
    expect(fs.statSync(path.join(run.outputDir, page)).size).toBeLessThan(1_000_000);
  });

  it('are judged again from the history to the same bytes', async ({ open }) => {
    const seats = await open(seatShop({ keeps: (name, resets) => name === 'A1' && resets === 2 }));
    const run = await runSuite(suiteFor(seats.url, { race: { ...race, repeat: 3 }, config, flow }));
    const paths = run.files.map((file) => path.join(run.outputDir, file));
    const written = paths.map((file) => fs.readFileSync(file, 'utf8'));
    const history = paths.find((file) => file.endsWith('.history.jsonl')) ?? '';
    const again = await runCommand(process.execPath, [path.join(root, 'plugin/bin.js'), 'judge', history]);
    expect(again.code).toBe(run.code);
    expect(paths.map((file) => fs.readFileSync(file, 'utf8'))).toEqual(written);
  });

  it('go on until a pass means enough, and end in the middle of a pass', async ({ open }) => {
    const seats = await open(seatShop());
    const run = await runSuite(suiteFor(seats.url, { race: { ...race, repeat: { until: '35 %' } }, config, flow }));
    expect([run.code, findingsOf(run)]).toEqual([0, []]);
    // 7 rounds: 1 − 0.05^(1/7) is 34.8 %.
    expect(run.verdict?.rounds.map(({ inventory }) => inventory)).toEqual(['A1', 'A2', 'A1', 'A2', 'A1', 'A2', 'A1']);
    expect(run.history?.end).toMatchObject({ reason: 'completed', repeated: 'done' });
    expect(run.verdict?.strength.bound).toBeLessThan(0.35);
  });

  it('go on for a time', async ({ open }) => {
    const seats = await open(seatShop());
    const run = await runSuite(suiteFor(seats.url, { race: { ...race, repeat: { for: '3s' } }, config, flow }));
    expect([run.code, findingsOf(run)]).toEqual([0, []]);
    expect(run.history?.end).toMatchObject({ repeated: 'done' });
    expect(run.verdict?.rounds.length).toBeGreaterThan(1);
  });

  it('stop at the first violation, and do not reset what shows it', async ({ open }) => {
    const seats = await open(seatShop({ sellsTwice: (name, resets) => name === 'A1' && resets === 2 }));
    const resetsLast = [{ loop: [bookSeat, reset], over: '$inventories' }];
    for (const [steps, visits] of [
      [flow, 2],
      [resetsLast, 3],
    ] as const) {
      seats.resets.clear();
      seats.sold.clear();
      const run = await runSuite(suiteFor(seats.url, { race: { ...race, repeat: 9 }, config, flow: steps }));
      expect([run.code, findingsOf(run)]).toEqual([3, ['double-booking']]);
      expect(run.verdict?.findings).toMatchObject([{ round: visits * 2 - 1, inventory: 'A1' }]);
      expect(run.verdict?.rounds.at(-1)).toMatchObject({ inventory: 'A1', visit: visits, ok: 4 });
      expect(run.history?.end).toMatchObject({ repeated: 'violation' });
      expect(seats.sold.get('A1')).toHaveLength(4);
    }
  });

  it('stop at a violation in the first pass too, whatever inventory it is at', async ({ open }) => {
    const seats = await open(seatShop({ sellsTwice: (name) => name === 'A2' }));
    const run = await runSuite(suiteFor(seats.url, { race: { ...race, repeat: 9 }, config, flow }));
    expect([run.code, findingsOf(run), run.verdict?.rounds.length]).toEqual([3, ['double-booking'], 2]);
    expect(run.history?.end).toMatchObject({ repeated: 'violation' });
  });

  it('go on after a violation where the suite says so', async ({ open }) => {
    const seats = await open(seatShop({ sellsTwice: (name, resets) => name === 'A1' && resets === 2 }));
    const repeat = { times: 3, stop: 'never' };
    const run = await runSuite(suiteFor(seats.url, { race: { ...race, repeat }, config, flow }));
    expect([run.code, findingsOf(run), run.verdict?.rounds.length]).toEqual([3, ['double-booking'], 6]);
  });

  it('leave out what is still taken after its reset, and go on with the others', async ({ open }) => {
    const seats = await open(seatShop({ keeps: (name, resets) => name === 'A1' && resets >= 2 }));
    const run = await runSuite(suiteFor(seats.url, { race: { ...race, repeat: 3 }, config, flow }));
    expect([run.code, findingsOf(run)]).toEqual([4, ['reset-failed']]);
    expect(run.verdict?.rounds.map(({ number, inventory, visit }) => [number, inventory, visit])).toEqual([
      [1, 'A1', 1],
      [2, 'A2', 1],
      [4, 'A2', 2],
      [6, 'A2', 3],
    ]);
    expect(run.verdict?.findings[0]?.message).toMatch(
      /^seat A1 was still taken after its reset, before visit 2 and 1 more, .* o-1$/,
    );
  });

  it('may not have been reset, where no read-back says so: that nobody won is then a doubt', async ({ open }) => {
    const seats = await open(seatShop({ keeps: (name, resets) => name === 'A1' && resets >= 2 }));
    const run = await runSuite(
      suiteFor(seats.url, { race: { ...race, readBack: undefined, repeat: 3 }, config, flow }),
    );
    expect([run.code, findingsOf(run)]).toEqual([4, ['reset-failed']]);
    expect(run.verdict?.findings).toMatchObject([
      { round: 3, inventory: 'A1', message: expect.stringContaining('its reset may have failed') },
      { round: 5, inventory: 'A1' },
    ]);
  });

  it('take fresh inventories from a request, and race each once', async ({ open }) => {
    let next = 0;
    const sold = new Map<string, string>();
    const api = await open(
      httpServer((request, response) => {
        const answer = (status: number, json: object) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
        const [, kind, id = ''] = request.url?.split('/') ?? [];
        // Every list names an old seat once more, and two new ones.
        if (kind === 'free')
          return answer(
            200,
            [next, ++next, ++next].filter(Boolean).map((number) => ({ id: `s${number}` })),
          );
        if (request.method === 'GET')
          return answer(200, {
            status: sold.has(id) ? 'booked' : 'available',
            order_ids: [sold.get(id)].filter(Boolean),
          });
        if (sold.has(id)) return answer(409, { message: 'taken' });
        sold.set(id, `o-${id}`);
        return answer(201, { order_id: `o-${id}` });
      }),
    );
    const inventories = { get: '/free', each: '$[*]', key: '$.id' };
    const steps = [{ loop: [bookSeat], over: '$inventories' }];
    const run = await runSuite(suiteFor(api.url, { race: { ...race, inventories, repeat: 3 }, config, flow: steps }));
    expect([run.code, findingsOf(run)]).toEqual([0, []]);
    expect(run.verdict?.rounds.map(({ inventory, visit }) => [inventory, visit])).toEqual(
      ['s1', 's2', 's3', 's4', 's5', 's6'].map((id) => [id, 1]),
    );
  });

  it('may have several raced requests in a turn', async ({ open }) => {
    const seats = await open(seatShop());
    const again = [{ loop: [reset, bookSeat, bookSeat], over: '$inventories' }];
    const run = await runSuite(suiteFor(seats.url, { race: { ...race, repeat: 2 }, config, flow: again }));
    expect(run.verdict?.rounds.map(({ number, inventory, visit, ok }) => [number, inventory, visit, ok])).toEqual([
      [1, 'A1', 1, 1],
      [2, 'A2', 1, 1],
      [3, 'A1', 1, 0],
      [4, 'A2', 1, 0],
      [5, 'A1', 2, 1],
      [6, 'A2', 2, 1],
      [7, 'A1', 2, 0],
      [8, 'A2', 2, 0],
    ]);
    expect([run.code, findingsOf(run)]).toEqual([0, []]);
  });

  it('keep the contenders of several workers in step', async ({ open }) => {
    const seats = await open(seatShop());
    const three = { phases: [{ duration: 2, arrivalRate: 3 }] };
    const run = await runSuite(
      suiteFor(seats.url, { race: { ...race, contenders: 6, repeat: 3 }, config: three, flow }),
      { workers: 3 },
    );
    expect([run.code, findingsOf(run), run.verdict?.totals.requests]).toEqual([0, [], 36]);
    expect(new Set(run.history?.attempts.map(({ thread }) => thread)).size).toBe(3);
  });

  it.for<[string, object, RegExp]>([
    [
      'no loop over all inventories',
      { flow: [reset, { post: { url: '/seats/A1', race: 'A1' } }] },
      /repeat: the flow has no loop over \$inventories; put/,
    ],
    [
      'no reset',
      { flow: [{ loop: [bookSeat], over: '$inventories' }] },
      /repeat: nothing makes an inventory free again; add/,
    ],
    [
      'a reset that is never sent',
      { flow: [{ loop: [{ delete: { ...reset.delete, ifTrue: 'resetPath' } }, bookSeat], over: '$inventories' }] },
      /nothing makes an inventory free again/,
    ],
  ])('are refused where there is %s', async ([, more, message], { open }) => {
    const seats = await open(seatShop());
    const run = await runSuite(suiteFor(seats.url, { race: { ...race, repeat: 3 }, config, flow, ...more }));
    expect([run.code, seats.log]).toEqual([2, []]);
    expect(run.stderr).toMatch(message);
  });
});

describe('rounds that repeat, and somebody stops the run', () => {
  it.for<['SIGINT' | 'SIGTERM', string, number, boolean, string[]]>([
    ['SIGINT', 'cannot pass', 4, false, ['incomplete']],
    ['SIGTERM', 'fails by what was seen', 3, true, ['double-booking', 'incomplete']],
  ])('by %s, end after the round in flight, and it %s', async ([signal, , code, sellsTwice, found], { open }) => {
    let child: ChildProcess | undefined;
    const seats = await open(
      seatShop({
        sellsTwice: (name, resets) => sellsTwice && name === 'A1' && resets === 1,
        // In the middle of the third round.
        sells: (name, resets) => name === 'A1' && resets === 2 && child?.kill(signal),
      }),
    );
    const repeat = { times: 500, stop: 'never' };
    const run = await launchSuite(suiteFor(seats.url, { race: { ...race, repeat }, config, flow }), {
      running: (process) => {
        child = process;
      },
    });
    expect([run.code, run.verdict?.exitCode, findingsOf(run)]).toEqual([code, code, found]);
    expect(run.verdict).toMatchObject({ ended: 'interrupted', totals: { requests: 12, info: 0 } });
    // The last round is whole, and was read back.
    expect(run.verdict?.rounds.at(-1)).toMatchObject({ inventory: 'A1', visit: 2, requests: 4, ok: 1 });
    expect(run.history?.readBacks.at(-1)).toMatchObject({ when: 'after', inventory: 'A1', visit: 2, units: 1 });
    expect(run.stdout).toContain(`(exit code ${code})`);
  });
});

describe('attempts one at a time', () => {
  const steps = [{ loop: [bookSeat], over: '$inventories' }];

  it('never overlap, and never pass', async ({ open }) => {
    const seats = await open(seatShop());
    const run = await runSuite(
      suiteFor(seats.url, { race: { ...race, release: 'one-at-a-time' }, config, flow: steps }),
    );
    expect([run.code, findingsOf(run)]).toEqual([4, ['weak-contention']]);
    expect(run.verdict?.rounds.map(({ overlap, requests }) => [overlap, requests])).toEqual([
      [1, 4],
      [1, 4],
    ]);
    expect(run.verdict?.findings[0]?.message).toContain('one after the other');
    expect(run.stdout).toContain('Nothing went wrong, but this is not a pass');
    expect(run.stdout).toContain('What to do: Run it again without --one-at-a-time');
  });

  it('find what needs no race', async ({ open }) => {
    const seats = await open(seatShop({ sellsTwice: () => true }));
    const run = await runSuite(
      suiteFor(seats.url, { race: { ...race, release: 'one-at-a-time' }, config, flow: steps }),
    );
    expect([run.code, findingsOf(run)]).toEqual([3, ['double-booking', 'weak-contention']]);
    expect(run.stdout).toContain('✗ FAIL (exit code 3): No race is needed: Seat 1 was sold');
    expect(run.stdout).toContain('Usual cause: No race is needed: each request was sent after');
  });
});
