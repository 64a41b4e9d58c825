import { once } from 'node:events';
import net from 'node:net';

/** A connection to the database. Questions are written at once; answers come in the order of the questions. */
export interface Database {
  ask(line: string): Promise<string>;
  close(): void;
}

/** @throws Error when nobody listens there */
export async function connectDatabase(port: number): Promise<Database> {
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const waiting: ((answer: string) => void)[] = [];
  let unread = '';
  socket.on('data', (data) => {
    const lines = (unread + data.toString('latin1')).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) waiting.shift()?.(line);
  });
  return {
    ask(line) {
      const { promise, resolve } = Promise.withResolvers<string>();
      waiting.push(resolve);
      socket.write(`${line}\n`);
      return promise;
    },
    close: () => socket.destroy(),
  };
}
