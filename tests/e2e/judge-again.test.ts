import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { RENDERERS } from '../../reports/index.ts';
import { root, runCommand, runSuite } from '../support/artillery.ts';
import { correct } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { suiteFor } from '../support/suites.ts';

const published = (name: string) =>
  z.fromJSONSchema(JSON.parse(fs.readFileSync(path.join(root, `plugin/schema/${name}.schema.json`), 'utf8')));

it('judging a history again, without the target, gives the same reports byte by byte', async ({ target }) => {
  // A bit of everything: two winners, a wrong refusal, and an attempt without an answer.
  const server = await target((booking) => {
    if (booking.turn === 2) return booking.answer(201, { order_id: booking.store() });
    if (booking.turn === 3) return booking.answer(503, { message: 'busy' });
    if (booking.turn === 4) return void booking.socket.destroy();
    return correct()(booking);
  });
  const run = await runSuite(suiteFor(server.url, { race: { readBack: '/seats/{seat}' } }));
  expect(run.code, run.stderr).toBe(3);

  const history = run.files.find((file) => file.endsWith('.history.jsonl')) ?? '';
  const judged = await runCommand(process.execPath, [
    path.join(root, 'plugin/bin.js'),
    ...['judge', path.join(run.outputDir, history), '--output', path.join(run.outputDir, 'again')],
  ]);
  expect(judged.code, judged.stderr).toBe(3);
  const reportsIn = (folder: string) =>
    run.files
      .filter((file) => file !== history)
      .map((file) => [file, fs.readFileSync(path.join(run.outputDir, folder, file), 'utf8')]);
  expect(reportsIn('again')).toHaveLength(RENDERERS.length + 1);
  expect(reportsIn('again')).toEqual(reportsIn('.'));
  // Both print a summary.
  const verdictLine = /FAIL \(exit code 3\)/;
  expect([run.stdout, judged.stdout]).toEqual([expect.stringMatching(verdictLine), expect.stringMatching(verdictLine)]);

  const line = published('history');
  const lines = fs.readFileSync(path.join(run.outputDir, history), 'utf8').trim().split('\n');
  for (const text of lines) expect(line.safeParse(JSON.parse(text)).error, text).toBeUndefined();
  expect(published('verdict').safeParse(run.verdict).error).toBeUndefined();
});
