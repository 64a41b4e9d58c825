// node bench/arms/floor.ts URL RUN CONTENDERS ROUNDS
//
// The floor: a bare loop that writes the last byte of each request to a warm socket. It is the best that one Node process
// can do, so it rehearses as well.

import { openBareLoop, REHEARSALS } from './bare-loop.ts';
import { runFromArguments, seatsOf } from './seats.ts';

const { url, run } = runFromArguments(process.argv.slice(2));
const loop = await openBareLoop(url, run.contenders);
for (let i = 0; i < REHEARSALS; i++) await race('rehearsal');
for (const seat of seatsOf(run)) await race(seat);
loop.close();

async function race(seat: string): Promise<void> {
  const { letGo, answered } = await loop.stage(seat);
  letGo();
  await answered;
}
