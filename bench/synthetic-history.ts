import fs from 'node:fs';
import { type Attempt, type Conclusion, HISTORY_VERSION, type HistoryRecord } from '../model/index.ts';
import { lineOf } from '../plugin/src/recording/index.ts';

/** The size of a history. */
export interface Size {
  readonly contenders: number;
  readonly seats: number;
  /** Every n-th seat is sold twice. 0: no seat is. */
  readonly doubleEvery: number;
  /** How often each seat is raced for, in rounds that repeat. Default: once, and rounds do not repeat. */
  readonly visits?: number;
}

/** Milliseconds from one release to the next. */
const ROUND_MS = 700;

/**
 * Writes a history that looks like a real run of that size, with realistic spreads, times, ids and messages. The same size
 * gives the same bytes.
 */
export function writeHistory(file: string, size: Size): void {
  const { contenders, seats } = size;
  const random = generator(7);
  const keys = Array.from({ length: seats }, () => uuid(random));
  const fd = fs.openSync(file, 'w');
  const write = (records: readonly HistoryRecord[]) => fs.writeSync(fd, records.map(lineOf).join(''));
  write([runOf(size, keys)]);
  const { visits } = size;
  for (let visit = 1; visit <= (visits ?? 1); visit++) {
    keys.forEach((inventory, index) => {
      const number = (visit - 1) * seats + index + 1;
      const isDouble = size.doubleEvery > 0 && number % size.doubleEvery === 0;
      const round = roundOf(number, inventory, contenders, isDouble ? 2 : 1, random);
      write(visits === undefined ? round : round.map((attempt) => ({ ...attempt, visit })));
    });
  }
  const atMs = (seats * (visits ?? 1) + 1) * ROUND_MS;
  const repeated = visits === undefined ? {} : ({ repeated: 'done' } as const);
  write([{ type: 'end', endedAt: '2026-01-02T03:10:00.000Z', atMs, reason: 'completed', ...repeated }]);
  fs.closeSync(fd);
}

function roundOf(number: number, inventory: string, contenders: number, winners: number, random: () => number) {
  const startMs = number * ROUND_MS + random();
  const lucky = new Set(Array.from({ length: winners }, (_, index) => Math.floor(contenders * (0.1 + 0.3 * index))));
  return Array.from({ length: contenders }, (_, index): { readonly type: 'attempt' } & Attempt => {
    const releasedAtMs = startMs + (contenders / 70) * random();
    const firstByteAtMs = releasedAtMs + 8 + (contenders / 3) * random() ** 2;
    return {
      type: 'attempt',
      round: number,
      inventory,
      vu: index + 1,
      stagedAtMs: startMs - 20 * random(),
      releasedAtMs,
      firstByteAtMs,
      completedAtMs: firstByteAtMs + random(),
      ...(lucky.has(index) ? booked(uuid(random)) : refused(random() < 0.8 ? 409 : 400)),
    };
  });
}

const booked = (orderId: string): Conclusion => ({
  outcome: 'ok',
  answer: { kind: 'answered', status: 201, body: JSON.stringify({ order_id: orderId }), bodyBytes: 51 },
  orderId,
});

function refused(status: number): Conclusion {
  const message = status === 409 ? 'Seat is already taken' : 'Seat validation failed: somebody else holds the lock';
  const body = JSON.stringify({ statusCode: status, message, error: status === 409 ? 'Conflict' : 'Bad Request' });
  const answer = { kind: 'answered', status, body, bodyBytes: body.length } as const;
  return { outcome: 'fail', answer, reason: 'lost', message };
}

function runOf({ contenders, seats, visits }: Size, keys: readonly string[]): HistoryRecord {
  return {
    type: 'run',
    version: visits === undefined ? 1 : HISTORY_VERSION,
    runId: '6f3a0c1e-0000-4000-8000-000000000001',
    startedAt: '2026-01-02T03:04:05.000Z',
    env: 'staging',
    target: 'https://staging.example.com/api/orders',
    scenario: 'order-race.yml',
    label: 'seat',
    plan: {
      contenders,
      inventories: keys.map((key) => ({ key, capacity: 1 })),
      limits: { rejections: [400, 409, 423], serverErrors: 0, p95Ms: 2000, spreadMs: 50, overlap: 0.5 },
      readBack: false,
      ...(visits !== undefined && { repeat: { times: visits, stop: 'never' } }),
    },
    config: { contenders, rehearsal: { rounds: 5 } },
    command: `ORDER_VUS=${contenders} ./run-order-race-test.sh staging # ${seats} seats`,
    versions: { plugin: '0.1.0', artillery: '2.0.34', node: '24.21.0' },
  };
}

/** Pseudo-random numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function uuid(random: () => number): string {
  const hex = (length: number) => Array.from({ length }, () => Math.floor(16 * random()).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}
