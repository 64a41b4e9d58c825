import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often to rehearse before the first round counts. */
export const REHEARSALS = 30;
/** Time for the target to read everything but the last bytes, and for both sides to become idle. */
const REST_MS = 20;

/** Warm sockets whose requests are held but for the last byte. */
export interface BareLoop {
  /** Sends a request for the seat on each socket, without its last byte. The function returned sends the rest at once. */
  stage(seat: string): Promise<{ readonly letGo: () => void; readonly answered: Promise<unknown> }>;
  close(): void;
}

export async function openBareLoop(url: URL, contenders: number): Promise<BareLoop> {
  const sockets: net.Socket[] = [];
  for (let i = 0; i < contenders; i++) {
    const socket = net.connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    await once(socket, 'connect');
    sockets.push(socket);
  }
  return {
    async stage(seat) {
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
      const letGo = () => {
        for (const socket of sockets) socket.write(last);
      };
      return { letGo, answered: Promise.all(answers) };
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
