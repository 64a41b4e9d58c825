import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HistoryRecord } from '../../model/index.ts';
import {
  followHistory,
  HistoryError,
  lineOf,
  openHistory,
  parseHistory,
  readHistory,
} from '../../plugin/src/recording/index.ts';
import { history, ok, plan, refused, round, textOf, times } from '../support/histories.ts';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'history-'));
afterEach(() => fs.rmSync(path.join(dir, 'h.jsonl'), { force: true }));

const sample = history(plan(), round(1, 'A', [ok(), refused(), refused(), refused()]), [
  { inventory: 'A', when: 'after', kind: 'read', units: 1, orderIds: ['order-1'] },
]);
const records: HistoryRecord[] = [
  sample.run,
  ...sample.attempts.map((attempt) => ({ type: 'attempt', ...attempt }) as const),
  ...sample.readBacks.map((readBack) => ({ type: 'read-back', ...readBack }) as const),
  ...(sample.end ? [sample.end] : []),
];
const text = textOf(sample);

describe('history.jsonl', () => {
  it('is read as it was written', () => {
    const file = path.join(dir, 'h.jsonl');
    const writer = openHistory(file);
    writer.append(records.slice(0, 2));
    writer.append([]);
    writer.append(records.slice(2));
    writer.close();
    expect(parseHistory(fs.readFileSync(file, 'utf8'))).toEqual(sample);
  });

  it('tells an answer that lost its end from one that is whole, whichever comes first', () => {
    const whole = { kind: 'answered', status: 201, body: '', bodyBytes: 0 } as const;
    const lost = { ...whole, bodyLost: 'reset' };
    for (const answers of [[whole, lost, whole] as const, [lost, whole, lost] as const]) {
      const mixed = history(
        plan(),
        round(
          1,
          'A',
          answers.map((answer) => ({ ...ok(), answer })),
        ),
      );
      expect(parseHistory(textOf(mixed)).attempts.map(({ answer }) => answer)).toEqual(answers);
    }
  });

  const respelt = (spell: (fields: string) => string) =>
    text.replaceAll(/^\{"type":"attempt",(.*)\}$/gm, (_, fields: string) => spell(fields));

  it.each<[string, (fields: string) => string]>([
    ['with spaces', (fields) => `{ "type": "attempt", ${fields}}`],
    ['with their type at the end', (fields) => `{${fields},"type":"attempt"}`],
    ['with two types, of which the last one counts', (fields) => `{"type":"end",${fields},"type":"attempt"}`],
    ['with the line ends of Windows', (fields) => `{"type":"attempt",${fields}}\r`],
  ])('may have attempts %s', (_, spell) => {
    expect(parseHistory(respelt(spell))).toEqual(sample);
  });

  it.each<[string, (fields: string) => string, string]>([
    ['another type at its end', (fields) => `{"type":"attempt",${fields},"type":"nothing"}`, 'not a record'],
    ['nothing but a type', () => '{"type":"attempt"}', 'outcome'],
    ['a number that is too large', (fields) => `{"type":"attempt",${fields},"stagedAtMs":1e400}`, 'stagedAtMs'],
    ['a field twice, the second time wrong', (fields) => `{"type":"attempt",${fields},"vu":"1"}`, 'vu'],
  ])('has no attempt with %s', (_, spell, field) => {
    expect(() => parseHistory(respelt(spell))).toThrow(`line 2: ${field}`);
  });

  it('may have a line of 50 MB: reading it takes a time that grows with its length', () => {
    const file = path.join(dir, 'h.jsonl');
    const message = 'x'.repeat(50_000_000);
    const long = { ...sample, attempts: round(1, 'A', [ok(), refused(409, message)]) };
    fs.writeFileSync(file, textOf(long));
    expect(readHistory(file).attempts.map((attempt) => attempt.outcome === 'fail' && attempt.message?.length)).toEqual([
      false,
      50_000_000,
    ]);
  });

  it('is read from a file piece by piece, wherever the pieces end: a letter of several bytes stays whole', () => {
    const file = path.join(dir, 'h.jsonl');
    const attempts = round(
      1,
      'A',
      Array.from({ length: 1000 }, (_, index) => refused(409, `${'🎫é'.repeat(index % 50)} ${'x'.repeat(index % 7)}`)),
    );
    const big = { ...sample, attempts };
    fs.writeFileSync(file, textOf(big));
    expect(fs.statSync(file).size).toBeGreaterThan(200_000);
    expect(readHistory(file)).toEqual(big);
    expect(JSON.stringify(readHistory(file))).toBe(JSON.stringify(parseHistory(textOf(big))));
  });

  it('keeps answers apart that only look alike', () => {
    const same = refused(409, 'taken');
    const others: typeof sample.attempts = [
      { ...round(1, 'A', [same])[0], answer: { kind: 'answered', status: 409, body: 'b', bodyBytes: 1 } },
      { ...round(1, 'A', [same])[0], answer: { kind: 'answered', status: 400, body: 'b', bodyBytes: 1 } },
      { ...round(1, 'A', [same])[0], answer: { kind: 'answered', status: 409, body: 'b', bodyBytes: 900 } },
    ] as typeof sample.attempts;
    expect(parseHistory(textOf({ ...sample, attempts: others })).attempts).toEqual(others);
  });

  it('may begin with a byte order mark, but may not be empty', () => {
    const file = path.join(dir, 'h.jsonl');
    fs.writeFileSync(file, '');
    expect(() => readHistory(file)).toThrow('the history is empty');
    fs.writeFileSync(file, `\uFEFF${text}`);
    expect(readHistory(file)).toEqual(sample);
  });

  it('can be written by several threads: each write is whole lines at the end of the file', () => {
    const file = path.join(dir, 'h.jsonl');
    const [a, b] = [openHistory(file), openHistory(file)];
    for (const record of records) (record.type === 'attempt' ? a : b).append([record]);
    a.close();
    b.close();
    expect(parseHistory(fs.readFileSync(file, 'utf8'))).toEqual(sample);
  });

  it('loses only the line in which the run was cut off', () => {
    const cut = parseHistory(text.slice(0, -10));
    expect(cut).not.toHaveProperty('end');
    expect(cut.attempts).toEqual(sample.attempts);
  });

  it('is judged without the lines that are not whole, which are named', () => {
    const lines = text.split('\n');
    const glued = [...lines.slice(0, 2), `${lines[2]?.slice(0, 70)}${lines[3]}`, 'text', ...lines.slice(4)].join('\n');
    const { attempts, problems, end } = parseHistory(glued);
    expect(attempts.map(({ vu }) => vu)).toEqual([1, 3, 4]);
    expect(end).toBeDefined();
    const reason = 'the history is damaged, perhaps by a full disk: lines 3, 4 cannot be read whole';
    expect(problems).toEqual([{ reason, count: 1, vus: [] }]);
    const torn = lines.map((line, index) => (index > 0 && line.includes('attempt') ? line.slice(5) : line));
    expect(parseHistory(torn.join('\n')).problems[0]?.reason).toContain('lines 2, 3, 4, 5 cannot');
  });

  it('holds whole lines after a full disk, and goes on with the next one', () => {
    const file = path.join(dir, 'h.jsonl');
    const writer = openHistory(file);
    // There is room for the first line and a part of the second, and then for a part of it.
    const { writeSync } = fs;
    const room = [Buffer.byteLength(lineOf(sample.run)) + 30, 20];
    const partly = (fd: number, bytes: unknown) => writeSync(fd, (bytes as Buffer).subarray(0, room.shift()));
    vi.spyOn(fs, 'writeSync').mockImplementation(partly as typeof fs.writeSync);
    expect(() => writer.append(records.slice(0, 3))).toThrow('ENOSPC');
    vi.restoreAllMocks();
    expect(fs.readFileSync(file, 'utf8')).toBe(lineOf(sample.run));
    writer.append(records.slice(1));
    writer.close();
    expect(readHistory(file)).toEqual(sample);
  });

  it('is not written to where a symbolic link points', () => {
    const [file, other] = [path.join(dir, 'h.jsonl'), path.join(dir, 'other')];
    fs.writeFileSync(other, 'mine');
    fs.symlinkSync(other, file);
    expect(() => openHistory(file)).toThrow('ELOOP');
    expect(fs.readFileSync(other, 'utf8')).toBe('mine');
  });

  it('may have lost the last line feed, or got a byte order mark, in an editor', () => {
    expect(parseHistory(`\uFEFF${text.trimEnd().replaceAll('\n', '\r\n')}`)).toEqual(sample);
  });

  it('may have fields that this version does not know', () => {
    expect(parseHistory(text.replace('"vu":1,', '"vu":1,"colour":"red",')).attempts[0]).toMatchObject({ vu: 1 });
  });

  it('may have a damaged line of a hundred thousand beginnings: not all of them are tried', () => {
    const [first = '', ...others] = text.split('\n');
    const beginnings = '{"type":'.repeat(100_000);
    const read = parseHistory([first, `${beginnings}${others[0]}`, ...others].join('\n'));
    expect(read.attempts).toHaveLength(sample.attempts.length + 1);
    expect(read.problems).toHaveLength(1);
    expect(parseHistory([first, beginnings, ...others].join('\n')).attempts).toEqual(sample.attempts);
  });

  it.each<[what: string, damaged: string, message: string]>([
    [
      'a line that is nested without end',
      text.replace('"round":1', `"round":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
      'line 2: nested more than 100 levels deep',
    ],
    ['an empty file', '', 'the history is empty'],
    ['no first record', '{"type":"end"}\n', 'line 1: no record of type "run"'],
    ['a first line that was cut off', text.slice(0, 50), 'line 1: the history was cut off in its first line'],
    ['an unknown record', text.replace('"type":"end"', '"type":"ending"'), 'line 7: not a record of a history'],
    [
      'a record named like a method of every object',
      text.replace('"end"', '"toString"'),
      'line 7: not a record of a history',
    ],
    ['a value that is not an object', text.replace('\n', '\nnull\n'), 'line 2: not a record of a history'],
    ['another version', text.replace('"version":3', '"version":9'), 'line 1: version 9; this program reads 1, 2, 3'],
    ['two histories in one', text + text, 'line 8: a second record of type "run"'],
    ['two ends', text + text.split('\n').at(-2), 'line 8: a second record of type "end"'],
    ['a field of another type', text.replace('"vu":3', '"vu":"3"'), 'line 4: vu: must be a number (received "3")'],
    ['a field that is missing', text.replace('"round":1,', ''), 'line 2: round: must be a number (missing)'],
    [
      'a field within a field',
      text.replace('"status":400', '"status":"400"'),
      'line 3: answer.status: must be a number',
    ],
    ['an unknown outcome', text.replace('"outcome":"ok"', '"outcome":"won"'), 'line 2: outcome: '],
    [
      'a booking without an answer',
      text.replace('"kind":"answered"', '"kind":"unanswered"'),
      'line 2: answer.kind: must be answered (received "unanswered")',
    ],
    [
      'an operation that the rule does not know',
      text.replace('"round":1,', '"round":1,"operation":"pay",'),
      'line 2: operation: "pay" is unknown under the rule of the run',
    ],
    ['a plan without contenders', text.replace('"contenders":4', '"contenders":0'), 'line 1: plan.contenders: '],
  ])('with %s is an error which names the line and the field', (_what, damaged, message) => {
    expect(() => parseHistory(damaged)).toThrow(HistoryError);
    expect(() => parseHistory(damaged)).toThrow(message);
  });

  it('may hold any operation of attempts that nothing judges', () => {
    const unjudged = sample.attempts.map((attempt) => ({ ...attempt, operation: 'pay', judged: false as const }));
    expect(parseHistory(textOf({ ...sample, attempts: unjudged }))).toMatchObject({ attempts: [], unjudged });
  });

  it('may hold operations that the rule names', () => {
    const rule = { name: 'exclusive', operations: ['pay', 'cancel'] } as const;
    const attempts = round(1, 'A', times(4, refused)).map((attempt) => ({ ...attempt, operation: 'pay' }));
    const paid = history(plan({ rule }), attempts);
    expect(parseHistory(textOf(paid))).toEqual(paid);
  });
});

describe('a history that is followed', () => {
  const file = path.join(dir, 'h.jsonl');

  it('gives each record once, after its line is complete', () => {
    fs.writeFileSync(file, '');
    const follower = followHistory(file);
    expect(follower.newRecords()).toEqual([]);
    const bytes = Buffer.from('{"type":"problem","message":"é"}\n{"type":"problem","message":"2"}\n');
    const inLetter = bytes.indexOf('é') + 1;
    fs.appendFileSync(file, bytes.subarray(0, inLetter));
    expect(follower.newRecords()).toEqual([]);
    fs.appendFileSync(file, bytes.subarray(inLetter));
    expect(follower.newRecords()).toEqual([
      { type: 'problem', message: 'é' },
      { type: 'problem', message: '2' },
    ]);
    expect(follower.newRecords()).toEqual([]);
    follower.close();
  });

  it('passes over a line that is not JSON', () => {
    fs.writeFileSync(file, 'hello\n{"type":"problem","message":"1"}\n');
    const follower = followHistory(file);
    expect(follower.newRecords()).toEqual([{ type: 'problem', message: '1' }]);
    follower.close();
  });
});
