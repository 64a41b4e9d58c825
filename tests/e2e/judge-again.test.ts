import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { root, runCommand, runSuite, smallSuite } from '../support/artillery.ts';
import { bookingServer, correct } from '../support/booking-server.ts';

const published = (name: string) =>
  z.fromJSONSchema(JSON.parse(fs.readFileSync(path.join(root, `plugin/schema/${name}.schema.json`), 'utf8')));

it('a history is judged again without the target: the same reports, byte by byte, as the run has written', async () => {
  // Two winners, a refusal that is none, and one that is never answered: something of everything.
  const server = await bookingServer((booking) => {
    if (booking.turn === 2) return booking.answer(201, { order_id: booking.store() });
    if (booking.turn === 3) return booking.answer(503, { message: 'busy' });
    if (booking.turn === 4) return void booking.socket.destroy();
    return correct()(booking);
  });
  const run = await runSuite({ script: smallSuite(server.url, { readBack: '/seats/{seat}' }) });
  await server.close();
  expect(run.code, run.stderr).toBe(3);

  const history = run.files.find((file) => file.endsWith('.history.jsonl')) ?? '';
  const judged = await runCommand(process.execPath, [
    path.join(root, 'plugin/bin.js'),
    ...['judge', path.join(run.outputDir, history), '--output', path.join(run.outputDir, 'again')],
  ]);
  expect(judged.code, judged.stderr).toBe(3);
  const written = (dir: string) =>
    run.files
      .filter((file) => file !== history)
      .map((file) => [file, fs.readFileSync(path.join(run.outputDir, dir, file), 'utf8')]);
  expect(written('again')).toHaveLength(4);
  expect(written('again')).toEqual(written('.'));
  // The summary of the run is printed again as well, but for where the reports are.
  const verdictLine = /FAIL \(exit code 3\)/;
  expect([run.stdout, judged.stdout]).toEqual([expect.stringMatching(verdictLine), expect.stringMatching(verdictLine)]);

  const line = published('history');
  const lines = fs.readFileSync(path.join(run.outputDir, history), 'utf8').trim().split('\n');
  for (const text of lines) expect(line.safeParse(JSON.parse(text)).error, text).toBeUndefined();
  expect(published('verdict').safeParse(run.verdict).error).toBeUndefined();
});
