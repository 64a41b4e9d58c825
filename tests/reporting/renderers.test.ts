import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  closingText,
  conclude,
  listOf,
  reportFilesAt,
  tellGithub,
  writeReports,
} from '../../plugin/src/reporting/index.ts';
import { makeStyle, RENDERERS, type Report, verdictFileOf } from '../../reports/index.ts';
import { doubleBooked, passing } from '../reports/samples.ts';
import { history, ok, plan, refused, round } from '../support/histories.ts';

const filesIn = (dir: string) => reportFilesAt(path.join(dir, 'run'));
const folder = () => fs.mkdtempSync(path.join(os.tmpdir(), 'reports-'));
const boom = () => {
  throw new Error('boom');
};
const sold = history(
  plan({ contenders: 2, inventories: [{ key: 'A', capacity: 1 }] }),
  round(1, 'A', [ok(), refused()]),
);
const plain = makeStyle({ colour: false, unicode: true, columns: 80 });

describe('a renderer that throws', () => {
  test.each(RENDERERS.map(({ name }) => name))('costs its file only, and is named: %s', (name) => {
    const dir = folder();
    const renderers = RENDERERS.map((each) => (each.name === name ? { ...each, render: boom } : each));
    const files = filesIn(dir);
    const warnings = writeReports({ files, verdict: { verdict: 'pass' }, report: passing(1, 2), renderers });
    expect(warnings).toEqual([`Warning: ${path.basename(files[name])} could not be written: boom`]);
    expect(listOf(files)).toEqual(listOf(files).filter((file) => file !== files[name]));
    expect(fs.readdirSync(dir)).toHaveLength(RENDERERS.length);
    expect(JSON.parse(fs.readFileSync(files.verdict, 'utf8'))).toEqual({ verdict: 'pass' });
  });

  test('leaves no older report that would explain another verdict', () => {
    const files = filesIn(folder());
    fs.writeFileSync(files.html, 'of an earlier judgement');
    writeReports({
      files,
      verdict: {},
      report: passing(1, 2),
      renderers: [{ name: 'html', file: '.html', render: boom }],
    });
    expect(fs.existsSync(files.html)).toBe(false);
  });
});

test('the list of written files names each file once, the HTML report first', () => {
  const dir = folder();
  const files = { history: path.join(dir, 'run.history.jsonl'), ...filesIn(dir) };
  for (const file of Object.values(files)) fs.writeFileSync(file, '');
  const endings = listOf(files, files.history).map((file) => path.basename(file).replace('run', ''));
  expect(endings).toEqual(['.html', '.verdict.json', '.history.jsonl', '.junit.xml', '.md']);
});

test('the verdict is there before any report is rendered', () => {
  const files = filesIn(folder());
  const render = vi.fn(() => String(fs.existsSync(files.verdict)));
  writeReports({ files, verdict: {}, report: passing(1, 2), renderers: [{ name: 'html', file: '.html', render }] });
  expect(fs.readFileSync(files.html, 'utf8')).toBe('true');
});

test('what cannot be written costs that file only: a report, or the file of the verdict', () => {
  const dir = folder();
  const files = filesIn(dir);
  fs.mkdirSync(files.markdown);
  const { report, warnings } = conclude(sold, files);
  expect(warnings).toEqual([expect.stringMatching(/^Warning: run\.md could not be written: .*EISDIR/)]);
  expect(report.verdict).toBe('pass');
  expect(fs.existsSync(files.verdict)).toBe(true);
  fs.rmSync(files.verdict);
  fs.mkdirSync(files.verdict);
  const again = conclude(sold, files);
  expect(again.report.verdict).toBe('pass');
  expect(again.warnings).toHaveLength(2);
  expect(again.warnings[0]).toMatch(/^Warning: run\.verdict\.json could not be written: .*EISDIR/);
  expect(listOf(files)).toContain(files.html);
  expect(closingText(again, plain, { detail: 'quiet' })).toMatch(/Warning: run\.verdict\.json.*PASS/s);
});

test('no file is written to where a symbolic link points', () => {
  const dir = folder();
  const files = filesIn(dir);
  const other = path.join(dir, 'other');
  fs.writeFileSync(other, 'mine');
  for (const file of [files.verdict, files.html, `${files.html}.tmp`]) fs.symlinkSync(other, file);
  expect(conclude(sold, files).warnings).toEqual([]);
  expect(fs.readFileSync(other, 'utf8')).toBe('mine');
  expect(fs.lstatSync(files.verdict).isFile() && fs.lstatSync(files.html).isFile()).toBe(true);
});

test('a chart that throws costs the page, never the verdict: the console names the page and says the verdict', () => {
  const report = doubleBooked(4);
  const files = filesIn(folder());
  const warnings = writeReports({
    files,
    verdict: verdictFileOf(report),
    report: {
      ...report,
      /** Only the chart of the response times asks for them. */
      timesMs: {
        ...report.timesMs,
        get ok() {
          return boom();
        },
      },
    },
    renderers: RENDERERS,
  });
  const others = RENDERERS.map(({ name }) => files[name]).filter((file) => file !== files.html);
  expect(listOf(files)).toEqual([files.verdict, ...others]);
  expect(JSON.parse(fs.readFileSync(files.verdict, 'utf8'))).toMatchObject({ verdict: 'fail', exitCode: 3 });
  const text = closingText({ report, warnings }, plain, { detail: 'screen', files: listOf(files) });
  expect(text).toContain('FAIL (exit code 3)');
  expect(text.split('\n')[0]).toBe('Warning: run.html could not be written: boom');
});

describe('what the end of a run prints', () => {
  test('is the verdict in brief where the summary throws', () => {
    const report = doubleBooked(4);
    const broken: Report = { ...report, responseTimeMs: undefined as never };
    const lines = closingText({ report: broken, warnings: [] }, plain, {
      detail: 'screen',
      files: ['run.html'],
    }).split('\n');
    expect(lines[0]).toMatch(/^Warning: the summary could not be written: /);
    expect(lines[1]).toMatch(/^✗ FAIL \(exit code 3\): /);
    expect(lines.at(-1)).toBe('run.html');
  });

  test('names what could not be written for GitHub', () => {
    const broken: Report = { ...doubleBooked(4), findings: undefined as never };
    const lines = tellGithub(broken, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(folder(), 's.md') });
    expect(lines).toEqual([
      expect.stringMatching(/^Warning: the annotations could not be written: /),
      expect.stringMatching(/^Warning: the job summary could not be written: /),
    ]);
  });
});
