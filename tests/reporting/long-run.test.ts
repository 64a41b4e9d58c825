import fs from 'node:fs';
import { describe, expect } from 'vitest';
import type { Attempt, Conclusion, History, ReadBack } from '../../model/index.ts';
import { judgementOf, remarksOf, settled } from '../../plugin/src/judging/index.ts';
import { readHistory, readLongHistory } from '../../plugin/src/recording/index.ts';
import { conclude, reportFilesAt } from '../../plugin/src/reporting/index.ts';
import { foldedRun, type KeptLimits } from '../../plugin/src/reporting/long-run.ts';
import { type Report, reportOf, verdictFileOf } from '../../reports/index.ts';
import { it } from '../support/fixtures.ts';
import {
  history,
  ok,
  pending,
  plan,
  refused,
  round,
  serverError,
  textOf,
  times,
  unanswered,
} from '../support/histories.ts';

/** What the contenders of a visit were told. */
type Visit = readonly Conclusion[];

const right = (): Visit => [ok(201, crypto.randomUUID()), ...times(3, () => refused(409, 'taken'))];
const twice = (): Visit => [ok(201, 'first'), ok(201, 'second'), ...times(2, () => refused(409, 'taken'))];
const nobody = (): Visit => times(4, () => refused(409, 'taken'));
const broken = (): Visit => [ok(201, 'one'), refused(), serverError(500), serverError(503)];
const silent = (): Visit => times(4, () => unanswered());
const strange = (): Visit => [ok(201, 'one'), refused(418), refused(409), unanswered('reset', 'reset')];
const unusual = (): Visit => [ok(201, 'one'), refused(), refused(), unanswered()];
const accepted = (): Visit => [ok(201, 'one'), refused(), pending(), pending()];
const kept = (): Visit => [ok(201, 'one'), refused(), refused(), refused(429, 'slow down', 'rate-limited')];

/** The same visit in each of the first rounds. */
const inRounds = (count: number, visit: () => Visit): Readonly<Record<number, () => Visit>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [index + 1, visit]));

/** Rounds over three seats, again and again; `odd` are visits that are not right, by the number of their round. */
function repeated(
  rounds: number,
  odd: Readonly<Record<number, () => Visit>>,
  overrides: Partial<History> = {},
): History {
  const seats = ['A', 'B', 'C'];
  const visits = Array.from({ length: rounds }, (_, index) => {
    const number = index + 1;
    const [key = '', visit] = [seats[index % 3], Math.floor(index / 3) + 1];
    const attempts = round(number, key, (odd[number] ?? right)()).map((attempt): Attempt => ({ ...attempt, visit }));
    return { attempts, readBacks: (['before', 'after'] as const).map((when) => answer(key, visit, when, attempts)) };
  });
  const recorded = history(
    plan({
      inventories: seats.map((key) => ({ key, capacity: 1 })),
      repeat: { times: Math.ceil(rounds / 3), stop: 'never' },
      readBack: true,
      limits: { ...plan().limits, strongRounds: 0.75, serverErrors: 0 },
    }),
    visits.flatMap(({ attempts }) => attempts),
    visits.flatMap(({ readBacks }) => readBacks),
  );
  const end = { type: 'end', endedAt: '', atMs: 1e5, reason: 'completed', repeated: 'done' } as const;
  return { ...recorded, end, ...overrides };
}

function answer(inventory: string, visit: number, when: ReadBack['when'], attempts: readonly Attempt[]): ReadBack {
  const orderIds = attempts.flatMap((attempt) => (attempt.outcome === 'ok' ? (attempt.orderId ?? []) : []));
  const stored = when === 'before' ? [] : orderIds;
  return { inventory, visit, when, kind: 'read', units: stored.length, orderIds: stored };
}

function reported(whole: History, sums: Parameters<typeof reportOf>[3] = []): Report {
  const { findings, controls } = judgementOf(whole);
  return reportOf(whole, findings, { ...remarksOf(whole), controls }, sums);
}

/** The report of a history that is held whole, and the one that is made visit by visit. */
function bothReports(folder: string, recorded: History, limits?: KeptLimits) {
  const file = `${folder}/run.history.jsonl`;
  fs.writeFileSync(file, textOf(recorded));
  const long = readLongHistory(file, 0);
  if (long === undefined) throw new Error('this is no long history');
  const { history: kept, sums } = foldedRun(long, limits);
  return { whole: reported(settled(readHistory(file))), long: reported(kept, sums), kept };
}

describe('a long run, of which only rounds that matter are kept', () => {
  it.for<[string, Readonly<Record<number, () => Visit>>, Partial<History>?]>([
    ['nothing is wrong', {}],
    ['one seat is sold twice', { 44: twice }],
    ['nobody wins in one round', { 50: nobody }],
    ['the server breaks twice', { 17: broken, 18: broken }],
    ['nobody answers', { 31: silent }],
    ['a loser gets a strange status', { 40: strange, 41: strange }],
    ['somebody is not let in', { 29: kept }],
    ['an attempt is missing', { 33: () => right().slice(0, 3) }],
    ['there is a contender too many', { 33: () => [...right(), refused()] }],
    ['the run was interrupted', {}, { end: { type: 'end', endedAt: '', atMs: 1, reason: 'interrupted' } }],
    ['the first rounds are wrong', { 1: nobody, 2: nobody, 3: twice }],
  ])('is judged as if it were kept whole: %s', ([, odd, overrides], { folder }) => {
    const { whole, long, kept } = bothReports(folder, repeated(60, odd, overrides));
    expect(kept.attempts.length).toBeLessThan(100);
    expect(verdictFileOf(long)).toEqual(verdictFileOf(whole));
    expect([long.timesMs, long.facts]).toEqual([whole.timesMs, whole.facts]);
  });

  it('tells what it does not keep, where too many rounds are wrong', ({ folder }) => {
    const odd = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [index + 1, index % 2 ? twice : broken]));
    const { whole, long, kept } = bothReports(folder, repeated(60, odd), { first: 1, attempts: 20 });
    expect(kept.attempts.length).toBeLessThan(40);
    const told = ({ findings }: Report) =>
      findings.map(({ id, severity, round: number, message }) => ({ id, severity, number, message }));
    expect(told(long)).toEqual(expect.arrayContaining(told(whole)));
    expect(told(long)).toHaveLength(whole.findings.length);
    expect({ ...verdictFileOf(long), findings: [] }).toEqual({ ...verdictFileOf(whole), findings: [] });
  });

  it('is no pass where too many rounds are weak and none of them is kept', ({ folder }) => {
    const recorded = repeated(60, inRounds(20, unusual));
    const attempts = recorded.attempts.map((attempt) =>
      attempt.round > 20 ? { ...attempt, completedAtMs: (attempt.releasedAtMs ?? 0) + 0.01 } : attempt,
    );
    const { whole, long } = bothReports(folder, { ...recorded, attempts }, { first: 1, attempts: 20 });
    expect([whole.verdict, long.verdict]).toEqual(['inconclusive', 'inconclusive']);
    const said = long.findings.map(({ message }) => message);
    expect(said).toContainEqual(expect.stringMatching(/^\d+ more rounds were not fought over as planned$/));
  });

  it('keeps the first violation whole, however much was unusual before', ({ folder }) => {
    const recorded = repeated(60, { ...inRounds(30, unusual), 50: twice });
    const { kept } = bothReports(folder, recorded, { first: 1, attempts: 20 });
    expect(kept.attempts.filter((attempt) => attempt.round === 50)).toHaveLength(4);
  });

  it('does not take for granted that what the plan does not name was free', ({ folder }) => {
    const recorded = repeated(30, Object.fromEntries([3, 6, 9, 12, 15].map((number) => [number, accepted])));
    const { plan: planned } = recorded.run;
    const inventories = planned.inventories.filter(({ key }) => key !== 'C');
    const run = { ...recorded.run, plan: { ...planned, inventories, settleMs: 100 } };
    const readBacks = recorded.readBacks
      .filter(({ inventory, when }) => inventory !== 'C' || when === 'after')
      .map((answered) => (answered.kind === 'read' ? { ...answered, orderIds: [] } : answered));
    const { whole, long } = bothReports(folder, { ...recorded, run, readBacks }, { first: 1, attempts: 0 });
    const told = ({ findings }: Report) => new Set(findings.map(({ id, round: number }) => `${id} ${number}`));
    expect(told(long)).toEqual(told(whole));
    expect(told(long)).toContain('undecided 15');
  });

  it('keeps the round with the slowest answer', ({ folder }) => {
    const recorded = repeated(60, {});
    const slowest = recorded.attempts[200];
    const attempts = recorded.attempts.map((attempt) =>
      attempt === slowest ? { ...attempt, completedAtMs: attempt.completedAtMs + 5000 } : attempt,
    );
    const { kept, whole, long } = bothReports(folder, { ...recorded, attempts });
    expect(kept.attempts.map(({ round: number }) => number)).toContain(slowest?.round);
    expect(long.responseTimeMs).toEqual(whole.responseTimeMs);
  });

  it('gives the same files', ({ folder }) => {
    const file = `${folder}/run.history.jsonl`;
    fs.writeFileSync(file, textOf(repeated(60, { 44: twice })));
    const recordings = [readHistory(file), readLongHistory(file, 0)].flatMap((recorded) => recorded ?? []);
    const texts = recordings.map((recorded, index) => {
      const files = reportFilesAt(`${folder}/${index}`);
      expect(conclude(recorded, files).warnings).toEqual([]);
      return [files.verdict, files.markdown].map((each) => fs.readFileSync(each, 'utf8'));
    });
    expect(texts).toHaveLength(2);
    expect(texts[1]).toEqual(texts[0]);
  });

  it('is only a run whose rounds repeat', ({ folder }) => {
    const file = `${folder}/run.history.jsonl`;
    fs.writeFileSync(file, textOf(history(plan(), round(1, 'A', right()))));
    expect(readLongHistory(file, 0)).toBeUndefined();
  });
});
