import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { ENDINGS, endingsOf, type FinishedRun, findingsOf, launchSuite, runSuite } from '../support/artillery.ts';
import { type Booking, correct, type Temperament } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { book, eachSeat, SEATS, suiteFor } from '../support/suites.ts';

/** Answers the first seat correctly, and does something else for the second. */
const thenOnSecondSeat =
  (act: (booking: Booking) => void): Temperament =>
  (booking) =>
    booking.seat === SEATS[0] ? correct()(booking) : act(booking);

/** Sells the first seat to everybody. */
const sellsTwice: Temperament = ({ seat, answer, store }) => {
  if (seat === SEATS[0]) answer(201, { order_id: store() });
};

/** The exit code that is printed. */
const printedBy = ({ stdout }: FinishedRun) => Number(/\(exit code (\d+)\)/.exec(stdout)?.[1]);

describe.concurrent('a run that is stopped', () => {
  it.for<['SIGINT' | 'SIGTERM', string, Temperament, number, string]>([
    ['SIGINT', 'cannot pass', correct(), 4, 'inconclusive'],
    ['SIGTERM', 'fails by what was seen', sellsTwice, 3, 'fail'],
  ])('by %s %s, and reads back the last round', async ([signal, , sell, code, verdict], { target }) => {
    let child: ChildProcess | undefined;
    let killedAt = 0;
    const server = await target(
      (booking) => {
        if (booking.seat === SEATS[0]) return sell(booking);
        // The run is stopped in the middle of the second round: none of its requests is answered, and one is stored.
        if (booking.turn !== 10) return;
        booking.store();
        killedAt = performance.now();
        child?.kill(signal);
      },
      ({ orders, turn }) => {
        // Whoever is impatient presses Ctrl-C again.
        if (turn > 0) child?.kill(signal);
        return [200, { status: orders.length > 0 ? 'booked' : 'available', order_ids: orders }];
      },
    );
    const run = await launchSuite(suiteFor(server.url, { race: { readBack: '/seats/{seat}' } }), {
      running: (process) => {
        child = process;
      },
    });
    expect(performance.now() - killedAt).toBeLessThan(6000);
    expect([run.code, printedBy(run), run.verdict?.exitCode]).toEqual([code, code, code]);
    expect(run.verdict).toMatchObject({ verdict, ended: 'interrupted', totals: { requests: 20, info: 10 } });
    expect(findingsOf(run)).toContain('incomplete');
    expect(endingsOf(run.files)).toEqual(ENDINGS);
    const asked = run.history?.readBacks.filter(({ when }) => when === 'after');
    expect(asked).toMatchObject([
      { inventory: 'A2', units: 1 },
      { inventory: 'A1', units: sell === sellsTwice ? 10 : 1 },
    ]);
  });

  it('after its last round, while the server is asked, cannot pass', async ({ target }) => {
    let child: ChildProcess | undefined;
    const server = await target(correct(), ({ orders, turn }) => {
      if (turn === 1) child?.kill('SIGINT');
      return [200, { status: orders.length > 0 ? 'booked' : 'available', order_ids: orders }];
    });
    const run = await launchSuite(suiteFor(server.url, { race: { readBack: '/seats/{seat}' } }), {
      running: (process) => {
        child = process;
      },
    });
    expect([run.code, printedBy(run), run.verdict?.exitCode]).toEqual([4, 4, 4]);
    expect(run.verdict).toMatchObject({ ended: 'interrupted', totals: { requests: 30, ok: 3 } });
    expect(findingsOf(run)).toEqual(['incomplete']);
  });

  it('before anything was released has no verdict, and the exit code of the signal', async ({ target }) => {
    let child: ChildProcess | undefined;
    const server = await target(correct(), ({ orders }) => {
      child?.kill('SIGINT');
      return [200, { order_ids: orders }];
    });
    // Ten of the eleven contenders look at a seat and then wait for the last one.
    const run = await launchSuite(
      suiteFor(server.url, { race: { contenders: 11 }, flow: [{ get: { url: '/seats/A1' } }, eachSeat(book())] }),
      {
        running: (process) => {
          child = process;
        },
      },
    );
    expect(run.code).toBe(130);
    expect(run.stderr).toContain('Error: stopped before the first release: there is no verdict');
    expect(run.verdict).toBeUndefined();
    expect(endingsOf(run.files)).toEqual(['.history.jsonl']);
    expect(server.requests()).toBe(0);
  });
});

describe.concurrent('a run that is broken off', () => {
  it('cannot pass when the target dies in the middle, and the contenders stay to the last seat', async ({ target }) => {
    const server = await target(thenOnSecondSeat(() => void server.close()));
    const run = await runSuite(suiteFor(server.url));
    expect(run.code).toBe(4);
    expect(run.verdict).toMatchObject({
      verdict: 'inconclusive',
      ended: 'completed',
      totals: { requests: 30, ok: 1, fail: 9, info: 20 },
    });
    expect(findingsOf(run)).toContain('indeterminate');
    expect(endingsOf(run.files)).toEqual(ENDINGS);
  });

  it("is judged when one of Artillery's workers crashes, and exits by the verdict", async ({ target, folder }) => {
    const processor = path.join(folder, 'crash.cjs');
    fs.writeFileSync(processor, "exports.crash = () => setImmediate(() => { throw new Error('a bug in a hook'); });");
    const server = await target();
    const flow = [eachSeat(book()), { function: 'crash' }];
    const run = await launchSuite(suiteFor(server.url, { race: { inventories: ['A1'] }, config: { processor }, flow }));
    expect([run.code, printedBy(run), run.verdict?.exitCode]).toEqual([4, 4, 4]);
    expect(run.verdict).toMatchObject({ verdict: 'inconclusive', ended: 'interrupted' });
    expect(run.stdout).toMatch(/Artillery ended the run early, with exit\s+code\s+11/);
  });

  it('is no run where the target was never there: one sentence, and exit code 2', async ({ target }) => {
    const server = await target();
    await server.close();
    const run = await launchSuite(suiteFor(server.url));
    expect(run.code).toBe(2);
    expect(run.stderr.trim()).toBe(
      `Error: nothing answers at ${server.url}: connection refused. Is the API up? (config.target)`,
    );
    expect(run.files).toEqual([]);
  });

  it('leaves a readable history when it is killed, and the next run is not confused by it', async ({
    target,
    folder,
  }) => {
    let child: ChildProcess | undefined;
    const server = await target(thenOnSecondSeat(({ turn }) => void (turn === 10 && child?.kill('SIGKILL'))));
    const env = { ORDER_OUTPUT_DIR: path.join(folder, 'output') };
    const killed = await launchSuite(suiteFor(server.url), {
      env,
      running: (process) => {
        child = process;
      },
    });
    expect(killed.verdict).toBeUndefined();
    expect(killed.history).not.toHaveProperty('end');
    expect(killed.history?.attempts).toHaveLength(10);

    fs.rmSync(path.join(env.ORDER_OUTPUT_DIR, killed.files[0] ?? ''));
    const again = await target();
    const next = await runSuite(suiteFor(again.url), { env });
    expect(next.verdict).toMatchObject({ verdict: 'pass', totals: { requests: 30 } });
  });
});

describe.concurrent('a race that did not happen', () => {
  it('cannot pass when no virtual user came', async ({ target }) => {
    const { url } = await target();
    const config = { phases: [{ pause: 1 }, { duration: 1, arrivalRate: 1, maxVusers: 0 }] };
    const run = await runSuite(suiteFor(url, { race: { contenders: 5 }, config }));
    expect(run.code).not.toBe(0);
    expect(run.verdict?.verdict).not.toBe('pass');
  });

  it('cannot pass when fewer came than planned', async ({ target }) => {
    const server = await target();
    const run = await runSuite(suiteFor(server.url, { race: { contenders: 11, rendezvous: { timeoutMs: 500 } } }));
    expect(run.code).toBe(4);
    expect(findingsOf(run)).toEqual(expect.arrayContaining(['weak-contention', 'incomplete']));
  });

  it('cannot pass when every virtual user failed before the race', async ({ target }) => {
    const server = await target();
    const flow = [{ get: { url: '/seats/A1', capture: { json: '$.not_there', as: 'x' } } }, eachSeat(book())];
    const run = await runSuite(suiteFor(server.url, { flow }));
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^Error: .*VU 1/m);
    expect([run.verdict, run.files, server.requests()]).toEqual([undefined, [], 0]);
  });

  it('cannot pass when the request names no seat', async ({ target }) => {
    const server = await target();
    const run = await runSuite(suiteFor(server.url, { flow: [eachSeat(book(undefined, { race: '{{ seatt }}' }))] }));
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('names no inventory');
    expect(server.requests()).toBe(0);
  });

  it('does not wait for a contender that failed on the way', async ({ target }) => {
    const server = await target();
    // Contender 3 fails on a request that does not race: the connection is refused.
    const flow = [{ get: { url: 'http://127.0.0.1:9/', ifTrue: '$vu == 3' } }, eachSeat(book())];
    const startedAt = performance.now();
    const run = await runSuite(suiteFor(server.url, { race: { rendezvous: { timeoutMs: 60_000 } }, flow }));
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    expect(run.code).toBe(4);
    expect(run.verdict?.totals.requests).toBe(27);
  });
});

describe.concurrent('the files of a run', () => {
  it('have their own name when two runs start at once in one folder', async ({ target, folder }) => {
    const servers = [await target(), await target()];
    const env = { ORDER_OUTPUT_DIR: path.join(folder, 'output') };
    const runs = await Promise.all(servers.map(({ url }) => runSuite(suiteFor(url), { env })));
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(fs.readdirSync(env.ORDER_OUTPUT_DIR)).toHaveLength(10);
  });

  it('cannot say pass when the folder is removed during the run', async ({ target, folder }) => {
    const outputDir = path.join(folder, 'output');
    const server = await target(
      thenOnSecondSeat((booking) => {
        fs.rmSync(outputDir, { recursive: true, force: true });
        correct()(booking);
      }),
    );
    const run = await runSuite(suiteFor(server.url), { env: { ORDER_OUTPUT_DIR: outputDir } });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/Error: no verdict: ENOENT/);
  });

  it('need a folder: without one, the run ends before it sends anything', async ({ target, folder }) => {
    const server = await target();
    const file = path.join(folder, 'taken');
    fs.writeFileSync(file, '');
    const run = await runSuite(suiteFor(server.url), { env: { ORDER_OUTPUT_DIR: path.join(file, 'output') } });
    expect(run.code).toBe(2);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(run.stderr).toMatch(/^Error: the output folder .*output cannot be written: ENOTDIR/);
    expect(server.requests()).toBe(0);
  });
});

describe.concurrent('bad input to the plugin', () => {
  it('ends a started Artillery with one line, and writes nothing: a misspelt key', async () => {
    const run = await launchSuite(suiteFor('http://127.0.0.1:9', { race: { inventorys: ['A'] } }));
    expect(run.code).toBe(2);
    expect(run.stderr.trim()).toMatch(
      /^Error: config\.plugins\.race\.inventorys: unknown key; did you mean "inventories"\?$/,
    );
    expect(run.files).toEqual([]);
  });

  it('ends the run with one line, and writes nothing: no seats', async () => {
    const run = await runSuite(suiteFor('http://127.0.0.1:9', { race: { inventories: [] } }));
    expect(run.code).toBe(2);
    expect(run.stderr.trim()).toMatch(/^Error: config\.plugins\.race\.inventories: must name at least one/);
    expect(run.files).toEqual([]);
  });

  it('ends the run: an unknown environment', async () => {
    const config = { environments: { dev: {}, prod: {} } };
    const run = await runSuite(suiteFor('http://127.0.0.1:9', { config }), { environment: 'prodd' });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('Error: environment "prodd": not under config.environments; did you mean "prod"?');
  });
});
