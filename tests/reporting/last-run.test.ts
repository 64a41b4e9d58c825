import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { History } from '../../model/index.ts';
import { conclude, reportFilesAt } from '../../plugin/src/reporting/index.ts';
import { lastRunText, makeStyle, renderHtml, renderScreen, renderSummary } from '../../reports/index.ts';
import { history, ok, plan, refused, round, times } from '../support/histories.ts';

const twice = round(1, 'A', [ok(201, 'a'), ok(201, 'b'), refused(), refused()]);
const once = round(1, 'A', [ok(201, 'a'), ...times(3, refused)]);

/** A run that began in a minute of the same hour. */
function ran(minute: number, { attempts = once, env = 'dev', scenario = 'order-race.yml' } = {}): History {
  const { run, ...rest } = history(plan({ inventories: [{ key: 'A', capacity: 1 }] }), attempts);
  const startedAt = `2026-01-02T03:0${minute}:00.000Z`;
  return { ...rest, run: { ...run, runId: `run-${env}-${minute}`, startedAt, env, scenario } };
}

const folder = () => fs.mkdtempSync(path.join(os.tmpdir(), 'last-run-'));
const filesIn = (dir: string, minute: number, name = 'order_race_dev') =>
  reportFilesAt(path.join(dir, `${name}_20260102_030${minute}00`));
const concluded = (dir: string, minute: number, others?: Parameters<typeof ran>[1]) =>
  conclude(ran(minute, others), filesIn(dir, minute)).report;

describe('the last run', () => {
  it('is the latest of the same scenario and environment that began before', () => {
    const dir = folder();
    expect(concluded(dir, 1, { attempts: twice }).lastRun).toBeUndefined();
    concluded(dir, 2);
    concluded(dir, 3, { env: 'prod' });
    concluded(dir, 4, { scenario: 'other.yml' });
    concluded(dir, 6, { attempts: twice });
    conclude(ran(4, { attempts: twice }), filesIn(dir, 4, 'seat_limit_dev'));
    expect(concluded(dir, 5).lastRun).toMatch(
      /^Last run: PASS \(below 95\.0 %\), 3 refusals, p95 [\d.]+ ms \(now the same\)$/,
    );
  });

  it('is said on the console, in one line, and on the first screen of the page, whatever its verdict', () => {
    const dir = folder();
    concluded(dir, 1, { attempts: twice });
    const report = concluded(dir, 2);
    const line = /Last run: FAIL \(\d strong rounds?\), 2 refusals, p95 [\d.]+ ms/;
    const style = makeStyle({ colour: false, unicode: true, columns: 80 });
    for (const text of [renderSummary(report, style), renderScreen(report, style)])
      expect(text.split('\n').filter((row) => line.test(row))).toHaveLength(1);
    expect(renderHtml(report).split('<main')[0]).toMatch(line);
  });

  it('is not part of the verdict, and does not change when a run is judged again', () => {
    const dir = folder();
    concluded(dir, 1);
    const first = concluded(dir, 2);
    concluded(dir, 3);
    expect(concluded(dir, 2).lastRun).toBe(first.lastRun);
    expect(JSON.parse(fs.readFileSync(filesIn(dir, 2).verdict, 'utf8'))).not.toHaveProperty('lastRun');
  });

  it('may be unreadable: then the one before counts', () => {
    const dir = folder();
    concluded(dir, 1);
    fs.writeFileSync(filesIn(dir, 2).verdict, '{"version":2}');
    fs.mkdirSync(filesIn(dir, 3).verdict);
    expect(concluded(dir, 4).lastRun).toMatch(/^Last run: PASS /);
  });

  it('is compared in time only where both runs passed', () => {
    const dir = folder();
    const [wrong, right] = [concluded(dir, 1, { attempts: twice }), concluded(dir, 2)];
    const timed = (p95: number) => ({ ...right, responseTimeMs: { ...right.responseTimeMs, p95 } });
    expect(lastRunText(wrong, timed(1))).not.toContain('now');
    expect(lastRunText(timed(1), wrong)).not.toContain('now');
    expect(lastRunText(timed(100), timed(50))).toMatch(/p95 100 ms \(now better\)$/);
    expect(lastRunText(timed(100), timed(150))).toMatch(/p95 100 ms \(now worse\)$/);
  });
});
