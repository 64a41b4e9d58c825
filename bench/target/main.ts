// node bench/target/main.ts [HOST]
//
// The server that the benches race against. It sells each seat to the first who asks (201) and refuses the others (409).
//
//   POST /book/{seat}     books
//   PUT  /window/{us}     sets the window between check and act, in microseconds
//   GET  /outcome/{run}   how often the seat of each round was sold, and how long the windows really were
//
// It speaks HTTP/1.1 on one port and HTTP/2 without TLS on another, and prints both ports as one line of JSON. It exits when
// stdin ends, so it never outlives the process that started it.

import { roundIn } from '../capture/release.ts';
import type { Outcome } from './index.ts';
import { answer, type Request, type Response, serveOnBothPorts } from './serve.ts';
import { createWaits } from './waits.ts';

const [host = '127.0.0.1'] = process.argv.slice(2);
const waits = await createWaits();
const sold = new Map<string, number>();

function serve(request: Request, response: Response): void {
  const [, action, parameter = ''] = (request.url ?? '').split('/');
  request.resume();
  request.on('end', () => {
    if (action === 'book') book(parameter, response);
    else if (action === 'window') {
      waits.setWindow(Number(parameter));
      answer(response, 200, {});
    } else if (action === 'outcome') answer(response, 200, outcomeOf(Number(parameter)));
    else answer(response, 404, {});
  });
}

/** Checks, then acts: the bug that the race should find. With a window of 0, check and act are one step. */
function book(seat: string, response: Response): void {
  const isFree = !sold.has(seat);
  waits.wait(() => {
    if (!isFree) return answer(response, 409, { message: 'taken' });
    const orders = (sold.get(seat) ?? 0) + 1;
    sold.set(seat, orders);
    answer(response, 201, { order_id: `${seat}-${orders}` });
  });
}

function outcomeOf(run: number): Outcome {
  const winners = [...sold].flatMap(([seat, orders]) => {
    const round = roundIn(seat, run);
    return round === undefined ? [] : [[round, orders] as const];
  });
  return { winners: Object.fromEntries(winners), windowsUs: waits.measuredUs };
}

await serveOnBothPorts(serve, host);
