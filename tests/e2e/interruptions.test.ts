import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runSuite, SEATS, smallSuite } from '../support/artillery.ts';
import { bookingServer, correct, type Temperament } from '../support/booking-server.ts';

const endings = ['.history.jsonl', '.html', '.junit.xml', '.md', '.verdict.json'];
const endingsOf = (files: readonly string[]) => files.map((file) => file.replace(/^.*_\d{8}_\d{6}/, '')).toSorted();

/** Answers the first seat, and then does something for the second. */
const thenOnSecondSeat =
  (what: (booking: Parameters<Temperament>[0]) => void): Temperament =>
  (booking) =>
    booking.seat === SEATS[0] ? correct()(booking) : what(booking);

describe.concurrent('a run that does not come to its end', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('is judged on %s by what was seen, and is no pass', async (signal) => {
    let child: ChildProcess | undefined;
    let killedAt = 0;
    const server = await bookingServer(
      thenOnSecondSeat(({ turn }) => {
        // Nobody is answered any more; the run is interrupted in the middle of the second round.
        if (turn === 10) {
          killedAt = performance.now();
          child?.kill(signal);
        }
      }),
    );
    const run = await runSuite({
      script: smallSuite(server.url),
      running: (its) => {
        child = its;
      },
    });
    expect(performance.now() - killedAt).toBeLessThan(5000);
    await server.close();
    expect(run.code).toBe(4);
    expect(run.verdict).toMatchObject({
      verdict: 'inconclusive',
      ended: 'interrupted',
      totals: { requests: 20, ok: 1, fail: 9, info: 10 },
    });
    expect(run.verdict?.findings.map(({ id }) => id)).toContain('incomplete');
    expect(endingsOf(run.files)).toEqual(endings);
  });

  it('is no pass when the target dies in the middle, and the contenders stay to the last seat', async () => {
    const server = await bookingServer(thenOnSecondSeat(() => void server.close()));
    const run = await runSuite({ script: smallSuite(server.url) });
    expect(run.code).toBe(4);
    expect(run.verdict).toMatchObject({
      verdict: 'inconclusive',
      ended: 'completed',
      totals: { requests: 30, ok: 1, fail: 9, info: 20 },
    });
    expect(run.verdict?.findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['indeterminate']));
    expect(endingsOf(run.files)).toEqual(endings);
  });

  it("is judged when one of Artillery's workers crashes, and says with which code the process ends", async () => {
    const processor = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'crash-')), 'crash.cjs');
    fs.writeFileSync(processor, "exports.crash = () => setImmediate(() => { throw new Error('a bug in a hook'); });");
    const server = await bookingServer(correct());
    const script = smallSuite(server.url, { inventories: ['A1'] }) as {
      config: object;
      scenarios: { flow: object[] }[];
    };
    Object.assign(script.config, { processor });
    script.scenarios[0]?.flow.push({ function: 'crash' });
    const run = await runSuite({ script });
    await server.close();
    expect(run.code).toBe(11);
    expect(run.verdict).toMatchObject({ verdict: 'inconclusive', ended: 'interrupted' });
    expect(run.stdout).toMatch(/Artillery ended the run early, with exit\s+code\s+11/);
  });

  it('is no pass when the target was never there', async () => {
    const server = await bookingServer(correct());
    await server.close();
    const run = await runSuite({ script: smallSuite(server.url) });
    expect(run.code).toBe(4);
    expect(run.verdict).toMatchObject({ verdict: 'inconclusive', totals: { requests: 30, ok: 0, fail: 0, info: 30 } });
    expect(run.stdout).toMatch(/ECONNREFUSED/);
  });

  it('leaves its history to be read when it is killed outright, and the next run is not confused by it', async () => {
    let child: ChildProcess | undefined;
    const server = await bookingServer(thenOnSecondSeat(({ turn }) => void (turn === 10 && child?.kill('SIGKILL'))));
    const outputDir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'killed-')), 'output');
    const killed = await runSuite({
      script: smallSuite(server.url),
      env: { ORDER_OUTPUT_DIR: outputDir },
      running: (its) => {
        child = its;
      },
    });
    await server.close();
    expect(killed.verdict).toBeUndefined();
    expect(killed.history).not.toHaveProperty('end');
    expect(killed.history?.attempts).toHaveLength(10);

    fs.rmSync(path.join(outputDir, killed.files[0] ?? ''));
    const again = await bookingServer(correct());
    const next = await runSuite({ script: smallSuite(again.url), env: { ORDER_OUTPUT_DIR: outputDir } });
    await again.close();
    expect(next.verdict).toMatchObject({ verdict: 'pass', totals: { requests: 30 } });
  });
});

describe.concurrent('a race that did not happen', () => {
  it('is no pass when no virtual user came', async () => {
    const script = smallSuite('http://127.0.0.1:9', { contenders: 5 }) as { config: { phases: object[] } };
    script.config.phases = [{ pause: 1 }, { duration: 1, arrivalRate: 1, maxVusers: 0 }];
    const run = await runSuite({ script });
    expect(run.code).not.toBe(0);
    expect(run.verdict?.verdict).not.toBe('pass');
  });

  it('is no pass when fewer came than planned', async () => {
    const server = await bookingServer(correct());
    const run = await runSuite({ script: smallSuite(server.url, { contenders: 11, rendezvous: { timeoutMs: 500 } }) });
    await server.close();
    expect(run.code).toBe(4);
    expect(run.verdict?.findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['weak-contention', 'incomplete']),
    );
  });

  it('is no pass when every virtual user failed before the race', async () => {
    const server = await bookingServer(correct());
    const script = smallSuite(server.url) as { scenarios: { flow: object[] }[] };
    script.scenarios[0]?.flow.unshift({ get: { url: '/seats/A1', capture: { json: '$.not_there', as: 'x' } } });
    const run = await runSuite({ script });
    await server.close();
    expect(run.code).toBe(4);
    expect(run.verdict).toMatchObject({ verdict: 'inconclusive', totals: { requests: 0 } });
    expect(run.stdout).toContain('not one attempt was made');
  });

  it('is no pass when the request names no seat', async () => {
    const server = await bookingServer(correct());
    const script = JSON.parse(
      JSON.stringify(smallSuite(server.url)).replace('"race":"{{ $loopElement }}"', '"race":"{{ seatt }}"'),
    );
    const run = await runSuite({ script });
    await server.close();
    expect(run.code).toBe(4);
    expect(run.stdout).toContain('names no inventory');
    expect(server.requests()).toBe(0);
  });

  it('keeps going without a contender that failed on the way', async () => {
    const server = await bookingServer((booking) => correct()(booking));
    const script = smallSuite(server.url, { rendezvous: { timeoutMs: 60_000 } }) as { scenarios: { flow: object[] }[] };
    // Contender 3 fails on a request that does not race: the connection is refused.
    script.scenarios[0]?.flow.unshift({ get: { url: 'http://127.0.0.1:9/', ifTrue: '$vu == 3' } });
    const started = await sleep(0, performance.now());
    const run = await runSuite({ script });
    await server.close();
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(run.code).toBe(4);
    expect(run.verdict?.totals.requests).toBe(27);
  });
});

describe.concurrent('the files of a run', () => {
  it('are its own, when two runs start at once in one folder', async () => {
    const server = await bookingServer(correct());
    const other = await bookingServer(correct());
    const env = { ORDER_OUTPUT_DIR: path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'two-')), 'output') };
    const runs = await Promise.all([server, other].map(({ url }) => runSuite({ script: smallSuite(url), env })));
    await server.close();
    await other.close();
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(fs.readdirSync(env.ORDER_OUTPUT_DIR)).toHaveLength(10);
  });

  it('are no pass when the folder is removed during the run', async () => {
    const outputDir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'gone-')), 'output');
    const server = await bookingServer(
      thenOnSecondSeat((booking) => {
        fs.rmSync(outputDir, { recursive: true, force: true });
        correct()(booking);
      }),
    );
    const run = await runSuite({ script: smallSuite(server.url), env: { ORDER_OUTPUT_DIR: outputDir } });
    await server.close();
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/Error: no verdict: ENOENT/);
  });

  it('cannot be written where there is no folder to be had: said before anything is sent', async () => {
    const server = await bookingServer(correct());
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'file-')), 'taken');
    fs.writeFileSync(file, '');
    const run = await runSuite({
      script: smallSuite(server.url),
      env: { ORDER_OUTPUT_DIR: path.join(file, 'output') },
    });
    await server.close();
    expect(run.code).toBe(1);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(run.stderr).toMatch(/^Error: the output folder .*output cannot be written: ENOTDIR/);
    expect(server.requests()).toBe(0);
  });
});

describe.concurrent('bad input to the plugin', () => {
  it.each<[string, object, RegExp]>([
    [
      'a misspelt key',
      { inventorys: ['A'] },
      /^Error: config\.plugins\.race\.inventorys: unknown key; did you mean "inventories"\?$/,
    ],
    ['no seats', { inventories: [] }, /^Error: config\.plugins\.race\.inventories: must name at least one/],
  ])('%s is one line, and nothing is written', async (_what, race, message) => {
    const run = await runSuite({ script: smallSuite('http://127.0.0.1:9', race) });
    expect(run.code).toBe(1);
    expect(run.stderr.trim()).toMatch(message);
    expect(run.files).toEqual([]);
  });

  it('an unknown environment', async () => {
    const script = smallSuite('http://127.0.0.1:9') as { config: object };
    Object.assign(script.config, { environments: { dev: {}, prod: {} } });
    const run = await runSuite({ script, environment: 'prodd' });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Error: environment "prodd": not under config.environments; did you mean "prod"?');
  });
});
