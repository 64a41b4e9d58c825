import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HistoryRecord } from '../../plugin/src/model/index.ts';
import { HistoryError, openHistory, parseHistory } from '../../plugin/src/recording/index.ts';
import { history, ok, plan, refused, round } from '../support/histories.ts';

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
const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');

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

  it.each([
    ['', 'the history is empty'],
    ['{"type":"end"}\n', 'no record of type "run"'],
    [text.replace('"type":"end"', '"type":"ending"'), 'line 7: not a record'],
    [text.replace('{"type":"attempt"', '{"type"'), 'line 2: not JSON'],
    [text.replace('"version":1', '"version":9'), 'line 1: version 9; this program reads 1'],
  ])('that is damaged is an error which names the line (%#)', (damaged, message) => {
    expect(() => parseHistory(damaged)).toThrow(HistoryError);
    expect(() => parseHistory(damaged)).toThrow(message);
  });
});
