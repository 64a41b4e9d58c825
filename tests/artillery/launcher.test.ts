import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attempt } from '../../model/index.ts';
import { startLauncher } from '../../plugin/src/artillery/launcher/launcher.ts';
import type { ArtilleryGlobal, ArtilleryScript } from '../../plugin/src/artillery/shared/artillery.ts';
import { COUNTER, joinRun } from '../../plugin/src/artillery/shared/run-context.ts';
import { openHistory } from '../../plugin/src/recording/index.ts';
import type { VerdictFile } from '../../reports/index.ts';
import { ok, problem, refused, round } from '../support/histories.ts';

const events = new EventEmitter();
/** The launcher's folder, and what it prints. */
let dir: string;
let artillery: ArtilleryGlobal & { readonly shown: string[] };
let errors: string[];

beforeEach(() => {
  dir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'launcher-')), 'output');
  const shown: string[] = [];
  artillery = { version: '2.0.34', log: (text) => void shown.push(text), globalEvents: events, shown };
  vi.stubGlobal('artillery', artillery);
  errors = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  events.removeAllListeners();
});

const scriptWith = (race: object = {}): ArtilleryScript => ({
  config: {
    target: 'http://127.0.0.1:9/orders',
    phases: [{ duration: 1, arrivalCount: 4 }],
    plugins: { race: { inventories: ['A'], output: { dir }, ...race } },
  },
  scenarios: [{ flow: [{ post: { url: '/', race: 'A' } }] }],
  _scriptPath: 'suites/seats.yml',
});

/** Writes attempts as a worker does. */
function workerWrites(attempts: readonly Attempt[]): void {
  const history = openHistory(joinRun().historyFile);
  history.append(attempts.map((attempt) => ({ type: 'attempt', ...attempt })));
  history.close();
}
const sold = (count: number) =>
  round(
    1,
    'A',
    Array.from({ length: 4 }, (_, vu) => (vu < count ? ok(201, `order-${vu}`) : refused())),
  );

/** The event with which Artillery says that the process ends, given to this launcher only. */
function processEnds(launch: () => unknown, exitCode: number): void {
  const before = process.listeners('exit');
  launch();
  const [listener] = process.listeners('exit').filter((other) => !before.includes(other));
  listener?.(exitCode);
  process.removeListener('exit', listener ?? (() => {}));
}

const verdict = (): VerdictFile => {
  const name = fs.readdirSync(dir).find((file) => file.endsWith('.verdict.json')) ?? 'no verdict';
  return JSON.parse(fs.readFileSync(path.join(dir, name), 'utf8'));
};

describe('the launcher', () => {
  it.each<[string, Attempt[], string, number | undefined]>([
    ['one booking', sold(1), 'pass', undefined],
    ['two bookings', sold(2), 'fail', 3],
    ['nothing at all', [], 'inconclusive', 4],
  ])('judges what its workers wrote: %s', async (_what, attempts, expected, code) => {
    const { finish } = startLauncher(scriptWith());
    workerWrites(attempts);
    await finish();
    expect(verdict()).toMatchObject({ verdict: expected, ended: 'completed', scenario: 'seats.yml' });
    expect(artillery.suggestedExitCode).toBe(code);
    expect(fs.readdirSync(dir)).toHaveLength(5);
    expect(artillery.shown.join('\n')).toContain(`${expected.toUpperCase()} (exit code ${code ?? 0})`);
  });

  it('waits for the workers to write their last records', async () => {
    const { finish } = startLauncher(scriptWith());
    const { counters } = joinRun();
    Atomics.store(counters, COUNTER.openWorkers, 1);
    const finished = finish();
    workerWrites(sold(1));
    Atomics.store(counters, COUNTER.openWorkers, 0);
    Atomics.notify(counters, COUNTER.openWorkers);
    await finished;
    expect(verdict().verdict).toBe('pass');
  });

  it('leaves the exit code that another plugin has set, and says so, where the verdict is pass', async () => {
    const { finish } = startLauncher(scriptWith());
    workerWrites(sold(1));
    artillery.suggestedExitCode = 21;
    await finish();
    expect(artillery.suggestedExitCode).toBe(21);
    expect(errors.join('')).toContain('the verdict is pass, but Artillery will exit with 21');
  });

  it('never passes where records were lost', async () => {
    const { finish } = startLauncher(scriptWith());
    workerWrites(sold(1));
    Atomics.add(joinRun().counters, COUNTER.lostRecords, 1);
    await finish();
    expect(verdict().problems).toEqual([problem('attempts were lost: the history could not be written')]);
    expect(artillery.suggestedExitCode).toBe(4);
  });

  it('says that the run was interrupted when Artillery stops early', async () => {
    const { finish } = startLauncher(scriptWith());
    events.emit('shutdown:start', { earlyStop: true });
    await finish();
    expect(verdict()).toMatchObject({ ended: 'interrupted' });
  });

  it('judges what there is when Artillery ends the process, and keeps its exit code', async () => {
    const before = process.exitCode;
    processEnds(() => {
      startLauncher(scriptWith());
      workerWrites(sold(1));
    }, 11);
    expect(process.exitCode).toBe(11);
    process.exitCode = before;
    expect(verdict()).toMatchObject({
      ended: 'interrupted',
      problems: [problem('Artillery ended the run early, with exit code 11')],
    });
  });

  it('has no verdict, and says so, where the history cannot be read', async () => {
    const { finish } = startLauncher(scriptWith());
    fs.appendFileSync(joinRun().historyFile, 'hello\n');
    await finish();
    expect(errors.join('')).toMatch(/Error: no verdict: line 2: not JSON \(.*history\.jsonl\)/);
    expect(artillery.suggestedExitCode).toBe(1);
    expect(fs.readdirSync(dir)).toHaveLength(1);
  });

  it('has no verdict, and says so, where the verdict cannot be written', async () => {
    const { finish } = startLauncher(scriptWith());
    workerWrites(sold(1));
    fs.mkdirSync(joinRun().historyFile.replace('.history.jsonl', '.verdict.json'));
    await finish();
    expect(errors.join('')).toMatch(/^Error: no verdict: EISDIR/);
    expect(artillery.suggestedExitCode).toBe(1);
  });

  it.each<[string, () => ArtilleryScript, string]>([
    [
      'a misspelt key',
      () => scriptWith({ limit: {} }),
      'config.plugins.race.limit: unknown key; did you mean "limits"?',
    ],
    [
      'a race line that the rule does not know',
      () => ({ ...scriptWith(), scenarios: [{ flow: [{ post: { race: { inventory: 'A', units: 2 } } }] }] }),
      'scenarios.0.flow.0.post.race.units: the rule order-race knows no units',
    ],
    [
      'a folder that cannot be',
      () => scriptWith({ output: { dir: '/proc/x' } }),
      'the output folder /proc/x cannot be written',
    ],
  ])('ends the process over %s, before anything was started or written', (_what, script, message) => {
    expect(() => startLauncher(script())).toThrow('exit 1');
    expect(errors.join('')).toContain(`Error: ${message}`);
    expect(fs.existsSync(dir)).toBe(false);
  });
});
