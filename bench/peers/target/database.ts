// node bench/peers/target/database.ts
//
// The database of the targets: a process with one thread, as Redis has. It reads lines from sockets and answers each of them.
//
//   ask SEAT        free (nobody has it), taken, or yours (the control: check and sale were one step)
//   sell SEAT       sells the seat to whoever asks, and answers sold
//   windows US,…    how long an `ask` takes, in microseconds, round after round; 0: the control
//   outcome RUN     JSON: what became of the rounds of this run
//
// It prints its port as a line of JSON, and exits when stdin ends.

import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { roundIn } from '../../capture/release.ts';
import type { RoundOutcome } from './index.ts';

interface Seat {
  asked: number;
  sold: number;
  /** When the first contender asked, and when the first bought, in milliseconds. */
  askedAtMs?: number;
  soldAtMs?: number;
}

const sleeping = new Int32Array(new SharedArrayBuffer(4));
const seats = new Map<string, Seat>();
let windowsUs: readonly number[] = [0];

function answerTo(line: string, readAtMs: number): string {
  const [verb, operand = ''] = line.split(' ');
  if (verb === 'ask') return ask(operand, readAtMs);
  if (verb === 'sell') return sell(operand);
  if (verb === 'windows') {
    windowsUs = operand.split(',').map(Number);
    return 'set';
  }
  return JSON.stringify(outcomeOf(Number(operand)));
}

/** Looks first and then takes its time, so the answer is as old as the window is wide. */
function ask(name: string, readAtMs: number): string {
  const seat = seatNamed(name);
  seat.asked += 1;
  const isFree = seat.sold === 0;
  const windowMs = windowOf(name) / 1000;
  if (windowMs === 0) {
    if (isFree) seat.sold = 1;
    return isFree ? 'yours' : 'taken';
  }
  seat.askedAtMs ??= performance.now();
  const leftMs = readAtMs + windowMs - performance.now();
  // It sleeps as if it waited for a disk. A thread that polls the clock would keep a core from the others.
  if (leftMs > 0) Atomics.wait(sleeping, 0, 0, leftMs);
  return isFree ? 'free' : 'taken';
}

function sell(name: string): string {
  const seat = seatNamed(name);
  seat.sold += 1;
  seat.soldAtMs ??= performance.now();
  return 'sold';
}

function seatNamed(name: string): Seat {
  const seat = seats.get(name) ?? { asked: 0, sold: 0 };
  seats.set(name, seat);
  return seat;
}

/** The windows take turns from round to round. */
function windowOf(name: string): number {
  const round = Number(name.split('-')[1] ?? 1);
  return windowsUs[(round - 1) % windowsUs.length] ?? 0;
}

function outcomeOf(run: number): RoundOutcome[] {
  return [...seats].flatMap(([name, { asked, sold, askedAtMs, soldAtMs }]) => {
    const round = roundIn(name, run);
    if (round === undefined) return [];
    const measured = askedAtMs !== undefined && soldAtMs !== undefined;
    return [{ round, asked, sold, windowUs: windowOf(name), ...(measured && { tookMs: soldAtMs - askedAtMs }) }];
  });
}

function serve(socket: Socket): void {
  let unread = '';
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (data) => {
    const readAtMs = performance.now();
    const lines = (unread + data.toString('latin1')).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) socket.write(`${answerTo(line, readAtMs)}\n`);
  });
}

const server = net.createServer(serve).listen(0, '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`${JSON.stringify((server.address() as AddressInfo).port)}\n`);
process.stdin.resume().on('end', () => process.exit(0));
