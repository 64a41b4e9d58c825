// node bench/arms/floor.ts URL RUN CONTENDERS ROUNDS
//
// The floor: a bare loop that writes the last byte of as many requests to as many warmed sockets. What a process of Node
// can do at best, so it is rehearsed as well.

import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runFromArguments, seatsOf } from './seats.ts';

const REHEARSALS = 30;
/** For the target to have read all but the last bytes, and both sides to come to rest. */
const REST_MS = 20;

const { url, run } = runFromArguments(process.argv.slice(2));
const sockets: net.Socket[] = [];
for (let i = 0; i < run.contenders; i++) {
  const socket = net.connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  await once(socket, 'connect');
  sockets.push(socket);
}

for (let i = 0; i < REHEARSALS; i++) await race('rehearsal');
for (const seat of seatsOf(run)) await race(seat);
for (const socket of sockets) socket.destroy();

async function race(seat: string): Promise<void> {
  const body = JSON.stringify({ seat });
  const head = `POST /book/${seat} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\n`;
  const request = Buffer.from(`${head}content-length: ${body.length}\r\n\r\n${body}`);
  // Every answer of the target is one segment.
  const answers = sockets.map((socket) => once(socket, 'data'));
  await Promise.all(
    sockets.map((socket) => new Promise<unknown>((flushed) => socket.write(request.subarray(0, -1), flushed))),
  );
  await sleep(REST_MS);
  const last = request.subarray(-1);
  for (const socket of sockets) socket.write(last);
  await Promise.all(answers);
}
