import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attempt } from '../../model/index.ts';
import { startLauncher } from '../../plugin/src/artillery/launcher/launcher.ts';
import type { ArtilleryGlobal, ArtilleryScript } from '../../plugin/src/artillery/shared/artillery.ts';
import { COUNTER, joinRun } from '../../plugin/src/artillery/shared/run-context.ts';
import { openHistory, readHistory } from '../../plugin/src/recording/index.ts';
import { RENDERERS, type VerdictFile } from '../../reports/index.ts';
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
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
  errors = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  events.removeAllListeners();
});

const scriptWith = (race: object = {}): ArtilleryScript => ({
  config: {
    target: 'http://127.0.0.1:9/orders',
    phases: [{ duration: 1, arrivalCount: 4 }],
    plugins: { race: { inventories: ['A'], output: { dir }, ...race } },
  },
  // Not at the target: nothing listens there.
  scenarios: [{ flow: [{ post: { url: 'http://127.0.0.1:9/orders', race: 'A' } }] }],
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

/**
 * Starts the launcher. Its process ends with the returned function: that gives Artillery's exit code to this launcher only,
 * and returns the one that the process then has.
 */
function launch(script = scriptWith()) {
  const before = process.listeners('exit');
  const { finish } = startLauncher(script);
  const listeners = process.listeners('exit').filter((other) => !before.includes(other));
  const exit = (exitCode: number) => {
    const exitCodeBefore = process.exitCode;
    for (const listener of listeners) {
      listener(exitCode);
      process.removeListener('exit', listener);
    }
    const ended = process.exitCode;
    process.exitCode = exitCodeBefore;
    return ended;
  };
  return {
    exit,
    /** As after a whole run. */
    async finish(exitCode = 0) {
      await finish();
      return exit(exitCode);
    },
  };
}

const verdict = (): VerdictFile => {
  const name = fs.readdirSync(dir).find((file) => file.endsWith('.verdict.json')) ?? 'no verdict';
  return JSON.parse(fs.readFileSync(path.join(dir, name), 'utf8'));
};

describe('the launcher', () => {
  it.each<[string, Attempt[], number, string, number]>([
    ['one booking', sold(1), 0, 'pass', 0],
    ['one booking, and something else failed', sold(1), 21, 'pass', 21],
    ['two bookings', sold(2), 0, 'fail', 3],
    ['two bookings, and something else failed', sold(2), 21, 'fail', 3],
    ['nothing at all', [], 0, 'inconclusive', 4],
    ['nothing at all, and something else failed', [], 1, 'inconclusive', 4],
  ])(
    'prints, writes and exits the same: %s (Artillery: %d)',
    async (_what, attempts, artilleryCode, expected, code) => {
      const { finish } = launch();
      workerWrites(attempts);
      expect(await finish(artilleryCode)).toBe(code);
      expect(verdict()).toMatchObject({
        verdict: expected,
        exitCode: code,
        ended: 'completed',
        scenario: 'seats.yml',
      });
      expect(fs.readdirSync(dir)).toHaveLength(RENDERERS.length + 2);
      expect(artillery.shown.join('\n')).toContain(`${expected.toUpperCase()} (exit code ${code})`);
      const { end } = readHistory(joinRun().historyFile);
      expect(end?.exitCode).toBe(artilleryCode || undefined);
      expect(errors.join('')).toBe(
        code === 21 ? 'Error: the verdict is pass, but something else in the suite failed: exit code 21\n' : '',
      );
    },
  );

  it('waits for the workers to write their last records', async () => {
    const { finish } = launch();
    const { counters } = joinRun();
    Atomics.store(counters, COUNTER.openWorkers, 1);
    const finished = finish();
    workerWrites(sold(1));
    Atomics.store(counters, COUNTER.openWorkers, 0);
    Atomics.notify(counters, COUNTER.openWorkers);
    await finished;
    expect(verdict().verdict).toBe('pass');
  });

  it('never passes where records were lost', async () => {
    const { finish } = launch();
    workerWrites(sold(1));
    Atomics.add(joinRun().counters, COUNTER.lostRecords, 1);
    expect(await finish()).toBe(4);
    expect(verdict().problems).toEqual([problem('attempts were lost: the history could not be written')]);
  });

  it.each<[string, Attempt[], number, string]>([
    ['is at best inconclusive', sold(1), 4, 'inconclusive'],
    ['fails by a violation that was seen', sold(2), 3, 'fail'],
  ])('says that the run was stopped, which %s', async (_what, attempts, code, expected) => {
    const { finish } = launch();
    Atomics.store(joinRun().counters, COUNTER.released, 1);
    workerWrites(attempts);
    events.emit('shutdown:start', { earlyStop: true, exitCode: 130 });
    expect(await finish(130)).toBe(code);
    expect(verdict()).toMatchObject({ verdict: expected, exitCode: code, ended: 'interrupted' });
  });

  it('has no verdict where the run was stopped before anything was released', async () => {
    const { finish } = launch();
    events.emit('shutdown:start', { earlyStop: true, exitCode: 130 });
    expect(await finish(21)).toBe(130);
    expect(fs.readdirSync(dir)).toHaveLength(1);
    expect(readHistory(joinRun().historyFile).end?.reason).toBe('interrupted');
    expect(errors.join('')).toBe('Error: stopped before the first release: there is no verdict\n');
  });

  it('judges what there is when a crash ends the process, and exits by that', async () => {
    const { exit } = launch();
    Atomics.store(joinRun().counters, COUNTER.vus, 4);
    workerWrites(sold(1));
    expect(exit(11)).toBe(4);
    expect(verdict()).toMatchObject({
      exitCode: 4,
      ended: 'interrupted',
      problems: [problem('Artillery ended the run early, with exit code 11')],
    });
  });

  it('is no run where a worker crashes before anybody has started: exit code 2, and no file', () => {
    const { exit } = launch();
    expect(exit(11)).toBe(2);
    expect(errors.join('')).toMatch(/^Error: no virtual user could start: .* nothing was booked\n$/);
    expect(fs.readdirSync(dir)).toEqual([]);
  });

  it('has no verdict, and says so, where the history cannot be read', async () => {
    const { finish } = launch();
    fs.appendFileSync(joinRun().historyFile, '{"type":"hello"}\n');
    expect(await finish()).toBe(1);
    expect(errors.join('')).toMatch(/Error: no verdict: line 2: not a record of a history \(.*history\.jsonl\)/);
    expect(fs.readdirSync(dir)).toHaveLength(1);
  });

  it('names its verdict in the note of the script, and none where there is none', async () => {
    const note = path.join(path.dirname(dir), 'note');
    vi.stubEnv('ORDER_VERDICT_NOTE', note);
    const unread = launch();
    const { historyFile } = joinRun();
    fs.appendFileSync(historyFile, '{"type":"hello"}\n');
    await unread.finish();
    expect(fs.existsSync(note)).toBe(false);
    const { finish } = launch();
    workerWrites(sold(2));
    await finish();
    const ours = joinRun().historyFile.replace('.history.jsonl', '.verdict.json');
    expect([fs.readFileSync(note, 'utf8'), fs.existsSync(ours)]).toEqual([ours, true]);
  });

  it('replaces the note of a race that the suite itself has started', async () => {
    const note = path.join(path.dirname(dir), 'note');
    vi.stubEnv('ORDER_VERDICT_NOTE', note);
    const { finish } = launch();
    fs.writeFileSync(note, 'another.verdict.json');
    workerWrites(sold(1));
    await finish();
    expect(fs.readFileSync(note, 'utf8')).toBe(joinRun().historyFile.replace('.history.jsonl', '.verdict.json'));
  });

  it('prints the verdict, and exits by it, where the note of the script cannot be written', async () => {
    vi.stubEnv('ORDER_VERDICT_NOTE', path.join(dir, 'missing', 'note'));
    const { finish } = launch();
    workerWrites(sold(2));
    expect(await finish()).toBe(3);
    expect(artillery.shown.join('')).toMatch(/Warning: the note for the script could.*FAIL \(exit code 3\)/s);
  });

  it('prints the verdict, and exits by it, where the file of the verdict cannot be written', async () => {
    const { finish } = launch();
    workerWrites(sold(2));
    fs.mkdirSync(joinRun().historyFile.replace('.history.jsonl', '.verdict.json'));
    expect(await finish()).toBe(3);
    expect(artillery.shown.join('')).toMatch(/Warning: .*\.verdict\.json could not be written.*FAIL \(exit code 3\)/s);
  });

  it('judges what there is, and never passes, where the history cannot be written to its end', async () => {
    const { finish } = launch();
    workerWrites(sold(1));
    vi.spyOn(fs, 'writeSync').mockImplementationOnce(() => {
      throw new Error('ENOSPC: no space left');
    });
    expect(await finish()).toBe(4);
    expect(errors.join('')).toContain('Error: the history could not be written to its end: ENOSPC');
    expect(verdict()).toMatchObject({ verdict: 'inconclusive', ended: 'cut off' });
  });

  it('ends the process where nothing listens at the target, and leaves nothing', async () => {
    const exit = vi.mocked(process.exit).mockImplementation(() => undefined as never);
    const script = { ...scriptWith(), scenarios: [{ flow: [{ post: { url: '/', race: 'A' } }] }] };
    launch(script);
    await vi.waitFor(() => expect(exit).toHaveBeenCalledExactlyOnceWith(2));
    expect(errors.join('')).toBe(
      'Error: nothing answers at http://127.0.0.1:9/orders: connection refused. Is the API up? (config.target)\n',
    );
    expect(fs.readdirSync(dir)).toEqual([]);
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
    expect(() => startLauncher(script())).toThrow('exit 2');
    expect(errors.join('')).toContain(`Error: ${message}`);
    expect(fs.existsSync(dir)).toBe(false);
  });
});
