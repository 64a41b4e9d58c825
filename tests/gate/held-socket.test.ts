import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { heldSocketOf } from '../../plugin/src/gate/held-socket.ts';

/** A socket with one byte held back, and what came at its other end. */
async function halfSent() {
  let received = '';
  const server = net.createServer((its) => {
    its.on('error', () => {});
    its.on('data', (data) => {
      received += data;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  const held = heldSocketOf(socket);
  held.hold();
  socket.write('ab');
  socket.write('c');
  await new Promise<void>((flushed) => held.sendAllButLast(flushed));
  return { socket, held, received: () => received };
}

const arrived = async (text: () => string, what: string) => expect.poll(text).toBe(what);

describe('a held socket', () => {
  it('sends everything but the last byte, then that byte, then what is written later', async () => {
    const { socket, held, received } = await halfSent();
    await arrived(received, 'ab');
    held.sendLast();
    await arrived(received, 'abc');
    socket.write('d');
    await arrived(received, 'abcd');
  });

  it('sends the last byte once, however often it is told to', async () => {
    const { socket, held, received } = await halfSent();
    held.sendLast();
    held.sendLast();
    socket.write('d');
    await arrived(received, 'abcd');
  });

  it('writes into nothing that took over the descriptor of a socket which is closed', async () => {
    const { socket, held } = await halfSent();
    const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle;
    socket.on('error', () => {});
    socket.destroy();
    await once(socket, 'close');
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'held-')), 'file');
    const opened: number[] = [];
    while (!opened.includes(fd)) opened.push(fs.openSync(file, 'a'));
    held.sendLast();
    for (const its of opened) fs.closeSync(its);
    expect(fs.readFileSync(file, 'utf8')).toBe('');
  });
});
