import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endingOf, endingOfAll, type FinishedRun, readVerdict } from '../../cli/verdict.ts';
import { EXIT_CODES } from '../../model/index.ts';

const file = (verdict: unknown, exitCode: unknown) => JSON.stringify({ runId: 'run-1', verdict, exitCode });
const pass = file('pass', 0);
const fail = file('fail', 3);
const inconclusive = file('inconclusive', 4);

describe('the exit code', () => {
  it.each([
    [0, pass, 0, 'pass'],
    [3, fail, 3, 'fail'],
    [4, inconclusive, 4, 'inconclusive'],
    [21, fail, 3, 'fail'],
    [143, inconclusive, 4, 'inconclusive'],
    [21, file('pass', 21), 21, 'pass'],
  ])('is that of the verdict if Artillery’s (%i) agrees: %s', (childExit, text, exitCode, result) => {
    expect(endingOf(childExit, text)).toEqual({ exitCode, result });
  });

  it.each([
    ['there is no verdict', 0, undefined, 1],
    ['there is no verdict, and Artillery failed', 11, undefined, 11],
    ['the file is empty', 0, '', 1],
    ['the file was cut off', 0, pass.slice(0, -4), 1],
    ['the file holds no object', 0, 'null', 1],
    ['the file holds no verdict', 0, '{}', 1],
    ['the verdict is unknown', 0, file('passed', 0), 1],
    ['the file contradicts itself', 0, file('fail', 0), 1],
    ['the file contradicts itself the other way', 0, file('pass', 3), 1],
    ['the file contradicts itself, and Artillery failed', 3, file('pass', 3), 3],
    ['Artillery failed after a pass', 21, pass, 21],
    ['Artillery ended as after a fail, and the verdict is a pass', 3, pass, 3],
    ['Artillery ended as after a doubt, and the verdict is a pass', 4, pass, 4],
    ['Artillery was killed after a pass', 137, pass, 137],
    ['Artillery exited with 0 after a fail', 0, fail, 3],
    ['Artillery exited with 0 after a doubt', 0, inconclusive, 4],
  ])('is never 0, and a line says why, when %s', (_, childExit, text, exitCode) => {
    const result = text === fail ? 'fail' : text === inconclusive ? 'inconclusive' : 'broken';
    expect(endingOf(childExit, text)).toEqual({ exitCode, result, problem: expect.stringMatching(/^.+$/) });
  });

  it('is 0 only for a pass with which Artillery agrees', () => {
    const texts = fc.oneof(
      fc.constant(undefined),
      fc.string(),
      fc.json(),
      fc
        .tuple(fc.constantFrom(...Object.keys(EXIT_CODES)), fc.constantFrom(0, 3, 4, 1, '0', null))
        .map(([v, c]) => file(v, c)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), texts, (childExit, text) => {
        const isPass = childExit === 0 && text === pass;
        const { exitCode, result } = endingOf(childExit, text);
        expect(exitCode === 0).toBe(isPass);
        if (result === 'pass') expect(exitCode).toBe(childExit);
      }),
    );
  });
});

describe('of several machines that raced as one', () => {
  const ended = (childExit: number, text: string | undefined, path = 'a'): FinishedRun => ({
    childExit,
    verdict: text === undefined ? undefined : { path, text },
  });
  const dead = ended(137, undefined);

  it('the first one says how the race ended, where all agree', () => {
    const runs = [ended(3, fail, 'a'), ended(3, fail, 'b')] as const;
    expect(endingOfAll(runs)).toEqual({ result: 'fail', exitCode: 3, verdict: { path: 'a', text: fail } });
  });

  it.each<[string, [FinishedRun, ...FinishedRun[]], string, number, string]>([
    ['a violation is known, and the first one died', [dead, ended(3, fail, 'b')], 'fail', 3, 'is fail: b'],
    ['a doubt is known, and the first one died', [dead, ended(4, inconclusive, 'b')], 'inconclusive', 4, ': b'],
    ['two disagree', [ended(0, pass), ended(4, inconclusive), ended(3, fail, 'c')], 'fail', 3, 'is fail: c'],
    ['the first one died, and the others pass', [dead, ended(0, pass)], 'broken', 137, 'no verdict'],
    ['another one died, and the first one passes', [ended(0, pass), dead], 'broken', 137, 'no verdict'],
  ])('the gravest counts, and a line says so: %s', (_, runs, result, exitCode, problem) => {
    expect(endingOfAll(runs)).toMatchObject({ result, exitCode, problem: expect.stringContaining(problem) });
  });
});

describe('the verdict file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'verdicts-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is the one that the run has named, whatever else the folder holds', async () => {
    const [ours, note] = [join(folder, 'coupon_demo_20260101_000000.verdict.json'), join(folder, 'note')];
    await writeFile(ours, fail);
    await writeFile(join(folder, 'order_race_all_seats_demo_20260101_000001.verdict.json'), pass);
    await writeFile(note, ours);
    expect(await readVerdict(note)).toEqual({ path: ours, text: fail });
  });

  it('is undefined if the run has named none, or if it is not there', async () => {
    await writeFile(join(folder, 'order_race_all_seats_demo_20260101_000001.verdict.json'), pass);
    expect(await readVerdict(join(folder, 'note'))).toBeUndefined();
    await writeFile(join(folder, 'note'), join(folder, 'missing.verdict.json'));
    expect(await readVerdict(join(folder, 'note'))).toBeUndefined();
  });
});
