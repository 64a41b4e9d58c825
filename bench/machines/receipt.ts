// node bench/machines/receipt.ts URL RUN CONTENDERS ROUNDS REDIS MACHINES
//
// One machine of several that are let go at the receipt of a message: what people write who have a Redis and no common
// clock. A bare loop, so nothing else adds to its spread; its rehearsals go through Redis as well.

import { createClient } from '@redis/client';
import { openBareLoop, REHEARSALS } from '../arms/bare-loop.ts';
import { runFromArguments, seatsOf } from '../arms/seats.ts';

const args = process.argv.slice(2);
const { url, run } = runFromArguments(args);
const [redisUrl = '', machines] = args.slice(4);

const redis = await createClient({ url: redisUrl }).connect();
const subscriber = await createClient({ url: redisUrl }).connect();
const channel = `bench:${run.number}`;
let go = (): void => {};
await subscriber.subscribe(channel, () => go());
const loop = await openBareLoop(url, run.contenders);

const rehearsals = Array.from({ length: REHEARSALS }, () => 'rehearsal');
for (const [index, seat] of [...rehearsals, ...seatsOf(run)].entries()) {
  const { letGo, answered } = await loop.stage(seat);
  go = letGo;
  const staged = await redis.incr(`${channel}:${index}`);
  // Whoever is staged last gives the word, and hears it like everybody else.
  if (staged === Number(machines)) await redis.publish(channel, 'go');
  await answered;
}
loop.close();
redis.destroy();
subscriber.destroy();
