import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { type FinishedRun, root, runCommand, runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { book, eachSeat, suiteFor } from '../support/suites.ts';

/** One verdict: what is printed, written and exited is the same, whatever else the suite checks. */

const verdictOf = async (run: FinishedRun) => {
  const history = run.files.find((file) => file.endsWith('.history.jsonl')) ?? '';
  const judged = await runCommand(process.execPath, [
    path.join(root, 'plugin/bin.js'),
    ...['judge', path.join(run.outputDir, history), '--output', path.join(run.outputDir, 'again')],
  ]);
  const again = fs.readdirSync(path.join(run.outputDir, 'again')).find((file) => file.endsWith('.verdict.json')) ?? '';
  const written = JSON.parse(fs.readFileSync(path.join(run.outputDir, 'again', again), 'utf8'));
  return {
    verdict: run.verdict?.verdict,
    exited: run.code,
    written: run.verdict?.exitCode,
    printed: Number(/\(exit code (\d+)\)/.exec(run.stdout)?.[1]),
    judgedAgain: [judged.code, written.exitCode, written.verdict],
  };
};

const agreeOn = (verdict: string, exitCode: number) => ({
  verdict,
  exited: exitCode,
  written: exitCode,
  printed: exitCode,
  judgedAgain: [exitCode, exitCode, verdict],
});

/** After the race, everybody looks at a page; `expect` is wrong about it. */
const flow = [eachSeat(book()), { get: { url: '/seats/A1', expect: { statusCode: 404 } } }];
const expectPlugin = { expect: { formatter: 'silent' } };
const unmet = { conditions: [{ expression: 'race.successful_bookings > 100' }] };

describe.concurrent('a suite in which something else fails', () => {
  it.for<[string, object, object, number]>([
    ['nothing', {}, {}, 0],
    ['an expectation', expectPlugin, {}, 21],
    ['a condition of ensure', { ensure: {} }, { ensure: unmet }, 1],
  ])('passes with the exit code of that: %s', async ([, plugins, config, exitCode], { target }) => {
    const { url } = await target();
    const run = await runSuite(suiteFor(url, { flow, config: { ...config, plugins } }));
    expect(await verdictOf(run)).toEqual(agreeOn('pass', exitCode));
  });

  it.for<[string, object, object]>([
    ['an expectation', expectPlugin, {}],
    ['a condition of ensure', { ensure: {} }, { ensure: unmet }],
  ])('fails with 3 where a seat is sold twice: %s', async ([, plugins, config], { target }) => {
    const { url } = await target(({ answer, store }) => answer(201, { order_id: store() }));
    const run = await runSuite(suiteFor(url, { vus: 3, flow, config: { ...config, plugins } }));
    expect(await verdictOf(run)).toEqual(agreeOn('fail', 3));
  });
});
