import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { OwnServer } from '../../proving-ground/servers/process.ts';
import { startRedis } from '../../proving-ground/servers/redis.ts';
import { type FinishedRun, root, runCommand } from '../support/artillery.ts';
import { correct, type Temperament } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { startFleet } from '../support/machines.ts';
import { SEATS, suiteFor } from '../support/suites.ts';

let redis: OwnServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const sellsToAll: Temperament = ({ answer, store }) => answer(201, { order_id: store() });

const fileOf = ({ files, outputDir }: FinishedRun, ending: string) =>
  path.join(outputDir, files.find((file) => file.endsWith(ending)) ?? 'missing');
const bytesOf = (run: FinishedRun) => fs.readFileSync(fileOf(run, '.verdict.json'), 'utf8');

describe.concurrent('several machines', () => {
  it.for([
    ['passes', correct(), 0, 'pass'],
    ['fails', sellsToAll, 3, 'fail'],
  ] as const)(
    'race as one, and a server that is right or wrong %s on all of them',
    async ([, temperament, code, verdict], { target, folder }) => {
      const server = await target(temperament);
      const run = `whole-${verdict}`;
      const suite = suiteFor(server.url, { race: { readBack: '/seats/{seat}' } });
      const runs = await (await startFleet(suite, { url: redis.url, run, machines: 3, isLaunched: true })).ended;
      expect(runs.map((each) => each.stderr)).toEqual(['', '', '']);
      expect(runs.map((each) => each.code)).toEqual([code, code, code]);
      expect(server.requests()).toBe(30 * SEATS.length);
      const [bytes = ''] = runs.map(bytesOf);
      expect(runs.map(bytesOf)).toEqual([bytes, bytes, bytes]);
      expect(JSON.parse(bytes)).toMatchObject({ verdict, vus: 30, totals: { requests: 90 }, machines: { length: 3 } });

      const bin = path.join(root, 'plugin/bin.js');
      const histories = runs.map((each) => fileOf(each, '.history.jsonl'));
      const env = { ORDER_OUTPUT_DIR: folder };
      for (const sources of [histories.toReversed(), [redis.url, '--run', run]]) {
        const judged = await runCommand(process.execPath, [bin, 'judge', ...sources, '--output', folder], { env });
        expect([judged.code, judged.verdict === undefined]).toEqual([code, false]);
        expect(bytesOf(judged)).toBe(bytes);
        for (const file of fs.readdirSync(folder)) fs.rmSync(path.join(folder, file));
      }
    },
  );
});
