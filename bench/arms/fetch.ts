// node bench/arms/fetch.ts URL RUN CONTENDERS ROUNDS
//
// What people write first: Promise.all of fetch.

import { runFromArguments, seatsOf } from './seats.ts';

const { url, run } = runFromArguments(process.argv.slice(2));
for (const seat of seatsOf(run)) {
  await Promise.all(
    Array.from({ length: run.contenders }, async () => {
      const response = await fetch(new URL(`/book/${seat}`, url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ seat }),
      });
      await response.text();
    }),
  );
}
