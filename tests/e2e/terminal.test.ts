import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { VerdictFile } from '../../reports/index.ts';
import { type FinishedRun, runSuite } from '../support/artillery.ts';
import { correct } from '../support/booking-server.ts';
import { it, temporaryFolder } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { book, eachSeat, suiteFor } from '../support/suites.ts';
import { inTerminal, type Screen } from '../support/terminal.ts';

const SCRIPT = './run-order-race-test.sh';
const WIDTHS = [80, 100, 120] as const;

/** Runs the script in a terminal. */
async function demo(columns: number, args: readonly string[], interruptAt?: RegExp) {
  const folder = temporaryFolder('terminal-');
  const env = { ORDER_VUS: '20', ORDER_OUTPUT_DIR: folder };
  const screen = await inTerminal([SCRIPT, ...args, 'demo'], { columns, env, ...(interruptAt && { interruptAt }) });
  return { screen, history: historyIn(folder) };
}

const historyIn = (folder: string): string =>
  join(folder, readdirSync(folder).find((name) => name.endsWith('.history.jsonl')) ?? 'no history');

function expectScreen({ rows, exitCode }: Screen, verdict: VerdictFile['verdict'], code: number): void {
  const text = rows.join('\n');
  expect(rows.length, text).toBeLessThanOrEqual(40);
  expect(rows.slice(-6).join('\n'), text).toContain(`${verdict.toUpperCase()} (exit code ${code}): `);
  expect(exitCode).toBe(code);
  // One path, and no line of Artillery's own.
  expect(text.replaceAll('\n', '').match(/\.html/g), text).toHaveLength(1);
  expect(text).not.toMatch(/verdict\.json|junit\.xml|Test run id|░/);
}

/** The same history in a terminal of each width: how the end of such a run looks there. */
async function expectEverywhere(history: string, verdict: VerdictFile['verdict'], code: number): Promise<void> {
  const screens = await Promise.all(WIDTHS.map((columns) => judgedIn(columns, history)));
  for (const screen of screens) expectScreen(screen, verdict, code);
}

const judgedIn = (columns: number, history: string, ...options: readonly string[]): Promise<Screen> =>
  inTerminal(['node', 'plugin/bin.js', 'judge', history, '--output', temporaryFolder('judged-'), ...options], {
    columns,
  });

const historyOf = ({ outputDir }: FinishedRun) => historyIn(outputDir);

describe.concurrent('the end of a run fits one screen, with the verdict in the last six lines', () => {
  it('of a right demo, while a living line shows how far it is', async () => {
    const { screen, history } = await demo(100, []);
    expectScreen(screen, 'pass', 0);
    await expectEverywhere(history, 'pass', 0);
  });

  it('of a demo without a lock, with seats that were sold several times', async () => {
    const { screen, history } = await demo(80, ['--lock', 'none']);
    expectScreen(screen, 'fail', 3);
    expect(screen.rows.filter((row) => / – sold \d+ times$/.test(row)).length).toBeGreaterThan(1);
    await expectEverywhere(history, 'fail', 3);
  });

  it('of a run that Ctrl-C ends, with advice that fits', async () => {
    const { screen, history } = await demo(120, ['--for', '10m'], /FAILED/);
    expectScreen(screen, 'inconclusive', 4);
    expect(screen.rows.slice(-6).join('\n')).toContain('What to do: Run it again, and let it come to its end.');
    await expectEverywhere(history, 'inconclusive', 4);
  });

  it('of a race at a target that resets every connection', async ({ target }) => {
    const server = await target(({ socket }) => void socket.resetAndDestroy());
    await expectEverywhere(historyOf(await runSuite(suiteFor(server.url))), 'inconclusive', 4);
  });

  it('of a race at a queue that accepts everything', async ({ open }) => {
    const queue = await open(httpServer((_, response) => void response.writeHead(202).end('{"status":"pending"}')));
    await expectEverywhere(historyOf(await runSuite(suiteFor(queue.url))), 'inconclusive', 4);
  });

  it('of 1,000 rounds', async ({ target }) => {
    const server = await target(correct());
    const inventories = Array.from({ length: 1000 }, (_, index) => `seat-${index + 1}`);
    const run = await runSuite(suiteFor(server.url, { race: { inventories }, vus: 3, flow: [eachSeat(book())] }));
    await expectEverywhere(historyOf(run), 'pass', 0);
  });
});

describe.concurrent('in a terminal', () => {
  it('--quiet prints at most 8 lines, and --verbose everything, with the verdict in the last six', async ({
    target,
  }) => {
    const server = await target(({ answer, store }) => answer(201, { order_id: store() }));
    const history = historyOf(await runSuite(suiteFor(server.url)));
    const [quiet, verbose] = await Promise.all(['--quiet', '--verbose'].map((option) => judgedIn(80, history, option)));
    expectScreen(quiet as Screen, 'fail', 3);
    expect(quiet?.rows.length).toBeLessThanOrEqual(8);
    expect(verbose?.rows.length).toBeGreaterThan(40);
    expect(verbose?.rows.slice(-6).join('\n')).toContain('FAIL (exit code 3): ');
  });

  // Nine scenarios, one after the other.
  it('several scenarios are a line each, with one verdict', { timeout: 240_000 }, async () => {
    const env = { ORDER_VUS: '60', ORDER_OUTPUT_DIR: temporaryFolder('pack-') };
    const { rows } = await inTerminal([SCRIPT, '--scenario', 'all', 'demo'], { columns: 80, env, timeoutMs: 230_000 });
    const text = rows.join('\n');
    expect(rows.length, text).toBeLessThanOrEqual(40);
    expect(rows.slice(-6).join('\n'), text).toMatch(/(PASS|FAIL|INCONCLUSIVE).* \(exit code \d\)/);
    for (const name of ['order-race', 'hold-confirm', 'coupon']) expect(text).toContain(`${name} `);
  });
});

it('a log has at most 40 lines, and at most 50 of rounds', async ({ target }) => {
  const server = await target(({ answer, store }) => answer(201, { order_id: store() }));
  const inventories = Array.from({ length: 120 }, (_, index) => `seat-${index + 1}`);
  const run = await runSuite(suiteFor(server.url, { race: { inventories }, vus: 3 }));
  const lines = run.stdout.trimEnd().split('\n');
  const ofRounds = lines.filter((line) => /^Seat \d+: /.test(line));
  expect(ofRounds.length, run.stdout).toBeGreaterThan(20);
  expect(ofRounds.length, run.stdout).toBeLessThanOrEqual(50);
  expect(lines.length - ofRounds.length, run.stdout).toBeLessThanOrEqual(40);
  expect(lines.slice(-6).join('\n')).toContain('FAIL (exit code 3): ');
});
