// node bench/arms/floor.ts URL RUN CONTENDERS ROUNDS
//
// The floor: a bare loop that writes the last byte of each request to a warm socket. It is the best that one Node process
// can do, so it rehearses as well.

import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runFromArguments, seatsOf } from './seats.ts';

const REHEARSALS = 30;
/** Time for the target to read everything but the last bytes, and for both sides to become idle. */
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
  // Each answer of the target fits in one segment.
  const answers = sockets.map((socket) => once(socket, 'data'));
  await Promise.all(
    sockets.map((socket) => new Promise<unknown>((flushed) => socket.write(request.subarray(0, -1), flushed))),
  );
  await sleep(REST_MS);
  const last = request.subarray(-1);
  for (const socket of sockets) socket.write(last);
  await Promise.all(answers);
}
