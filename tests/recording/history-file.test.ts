import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HistoryRecord } from '../../model/index.ts';
import { HistoryError, openHistory, parseHistory, readHistory } from '../../plugin/src/recording/index.ts';
import { history, ok, plan, refused, round, textOf } from '../support/histories.ts';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'history-'));
afterEach(() => fs.rmSync(path.join(dir, 'h.jsonl'), { force: true }));

const its = history(plan(), round(1, 'A', [ok(), refused(), refused(), refused()]), [
  { inventory: 'A', when: 'after', kind: 'read', units: 1, orderIds: ['order-1'] },
]);
const records: HistoryRecord[] = [
  its.run,
  ...its.attempts.map((attempt) => ({ type: 'attempt', ...attempt }) as const),
  ...its.readBacks.map((readBack) => ({ type: 'read-back', ...readBack }) as const),
  ...(its.end ? [its.end] : []),
];
const text = textOf(its);

describe('history.jsonl', () => {
  it('is read as it was written', () => {
    const file = path.join(dir, 'h.jsonl');
    const writer = openHistory(file);
    writer.append(records.slice(0, 2));
    writer.append([]);
    writer.append(records.slice(2));
    writer.close();
    expect(parseHistory(fs.readFileSync(file, 'utf8'))).toEqual(its);
  });

  it('is read from its file piece by piece, wherever the pieces end: a letter of several bytes stays whole', () => {
    const file = path.join(dir, 'h.jsonl');
    const attempts = round(
      1,
      'A',
      Array.from({ length: 1000 }, (_, index) => refused(409, `${'🎫é'.repeat(index % 50)} ${'x'.repeat(index % 7)}`)),
    );
    const big = { ...its, attempts };
    fs.writeFileSync(file, textOf(big));
    expect(fs.statSync(file).size).toBeGreaterThan(200_000);
    expect(readHistory(file)).toEqual(big);
    expect(JSON.stringify(readHistory(file))).toBe(JSON.stringify(parseHistory(textOf(big))));
  });

  it('keeps answers apart that only look alike', () => {
    const same = refused(409, 'taken');
    const others: typeof its.attempts = [
      { ...round(1, 'A', [same])[0], answer: { kind: 'answered', status: 409, body: 'b', bodyBytes: 1 } },
      { ...round(1, 'A', [same])[0], answer: { kind: 'answered', status: 400, body: 'b', bodyBytes: 1 } },
      { ...round(1, 'A', [same])[0], answer: { kind: 'answered', status: 409, body: 'b', bodyBytes: 900 } },
    ] as typeof its.attempts;
    expect(parseHistory(textOf({ ...its, attempts: others })).attempts).toEqual(others);
  });

  it('may begin with a byte order mark, but a file that is empty is none', () => {
    const file = path.join(dir, 'h.jsonl');
    fs.writeFileSync(file, '');
    expect(() => readHistory(file)).toThrow('the history is empty');
    fs.writeFileSync(file, `\uFEFF${text}`);
    expect(readHistory(file)).toEqual(its);
  });

  it('can be written by several threads: each write is whole lines at the end of the file', () => {
    const file = path.join(dir, 'h.jsonl');
    const [a, b] = [openHistory(file), openHistory(file)];
    for (const record of records) (record.type === 'attempt' ? a : b).append([record]);
    a.close();
    b.close();
    expect(parseHistory(fs.readFileSync(file, 'utf8'))).toEqual(its);
  });

  it('loses no more than the line in which the run was cut off', () => {
    const cut = parseHistory(text.slice(0, -10));
    expect(cut).not.toHaveProperty('end');
    expect(cut.attempts).toEqual(its.attempts);
  });

  it('may have lost its last line feed, or got a byte order mark, in an editor', () => {
    expect(parseHistory(`\uFEFF${text.trimEnd().replaceAll('\n', '\r\n')}`)).toEqual(its);
  });

  it('may say more than this version knows', () => {
    expect(parseHistory(text.replace('"vu":1,', '"vu":1,"colour":"red",')).attempts[0]).toMatchObject({ vu: 1 });
  });

  it.each<[what: string, damaged: string, message: string]>([
    ['an empty file', '', 'the history is empty'],
    ['no first record', '{"type":"end"}\n', 'line 1: no record of type "run"'],
    ['a first line that was cut off', text.slice(0, 50), 'line 1: the history was cut off in its first line'],
    ['an unknown record', text.replace('"type":"end"', '"type":"ending"'), 'line 7: not a record of a history'],
    [
      'a record named as what every object has',
      text.replace('"end"', '"toString"'),
      'line 7: not a record of a history',
    ],
    ['a value that is no object', text.replace('\n', '\nnull\n'), 'line 2: not a record of a history'],
    ['text', text.replace('{"type":"attempt"', '{"type"'), 'line 2: not JSON'],
    ['another version', text.replace('"version":1', '"version":9'), 'line 1: version 9; this program reads 1'],
    ['two histories in one', text + text, 'line 8: a second record of type "run"'],
    ['two ends', text + text.split('\n').at(-2), 'line 8: a second record of type "end"'],
    [
      'a field of another type',
      text.replace('"vu":3', '"vu":"3"'),
      'line 4: vu: expected number, received string (received "3")',
    ],
    [
      'a field that is missing',
      text.replace('"round":1,', ''),
      'line 2: round: expected number, received undefined (missing)',
    ],
    ['a field within a field', text.replace('"status":400', '"status":"400"'), 'line 3: answer.status: expected'],
    ['an outcome that is none', text.replace('"outcome":"ok"', '"outcome":"won"'), 'line 2: outcome: '],
    [
      'a booking without an answer',
      text.replace('"kind":"answered"', '"kind":"unanswered"'),
      'line 2: answer.kind: expected "answered" (received "unanswered")',
    ],
    ['a plan that is no race', text.replace('"contenders":4', '"contenders":1'), 'line 1: plan.contenders: '],
  ])('with %s is an error which names the line and the field', (_what, damaged, message) => {
    expect(() => parseHistory(damaged)).toThrow(HistoryError);
    expect(() => parseHistory(damaged)).toThrow(message);
  });
});
