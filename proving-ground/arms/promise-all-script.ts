// node proving-ground/arms/promise-all-script.ts RACE
//
// What people write first: all requests for a seat in one Promise.all, then a count of the successes.

import { HEADERS, orderBody, seatsFor } from './order.ts';
import { raceFromArguments } from './program.ts';

const race = raceFromArguments();
const winners: number[] = [];
for (const order of race.orders) {
  const answers = await Promise.all(
    Array.from({ length: race.contenders }, async (_, number) => {
      try {
        const response = await fetch(race.url, {
          method: 'POST',
          headers: HEADERS,
          body: JSON.stringify(orderBody(seatsFor(race, order, number))),
          signal: AbortSignal.timeout(race.timeoutMs),
        });
        await response.text();
        return response.status;
      } catch {
        return 0;
      }
    }),
  );
  winners.push(answers.filter((status) => status === 200 || status === 201).length);
}
process.exitCode = winners.every((count) => count === race.capacity) ? 0 : 1;
process.stdout.write(`${JSON.stringify(winners)}\n`);
