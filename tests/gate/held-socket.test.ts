import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HeldRecords } from '../../plugin/src/gate/held-duplex.ts';
import { type HeldSocket, heldSocketOf } from '../../plugin/src/gate/held-socket.ts';
import { writeBackToBack } from '../../plugin/src/gate/release-loop.ts';

/** A socket with one byte held back, and what the server got. */
async function halfSent() {
  let received = '';
  const accepted = Promise.withResolvers<net.Socket>();
  const server = net.createServer((connection) => {
    accepted.resolve(connection);
    connection.on('error', () => {});
    connection.on('data', (data) => {
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
  return { socket, held, received: () => received, server: await accepted.promise };
}

const sendLast = (held: HeldSocket) => writeBackToBack([held.takeLast()], () => 0);

/** Writes to the descriptor until the kernel takes no more. @returns the number of bytes written */
function fillUp(fd: number): number {
  const chunk = Buffer.alloc(1 << 16, '.');
  for (let size = 0; ; ) {
    try {
      size += fs.writeSync(fd, chunk);
    } catch {
      return size;
    }
  }
}

const pem = (name: string) => fs.readFileSync(path.join(import.meta.dirname, '../support/tls', name));

const arrived = (text: () => string, what: string) => expect.poll(text, { interval: 5 }).toBe(what);

describe('a held socket', () => {
  it('sends everything but the last byte, then that byte, then what is written later', async () => {
    const { socket, held, received } = await halfSent();
    await arrived(received, 'ab');
    sendLast(held);
    await arrived(received, 'abc');
    socket.write('d');
    await arrived(received, 'abcd');
  });

  it('sends the last byte once, even if asked twice', async () => {
    const { socket, held, received } = await halfSent();
    sendLast(held);
    sendLast(held);
    socket.write('d');
    await arrived(received, 'abcd');
  });

  it('sends the last byte after a full buffer, if the kernel takes no more', async () => {
    const { socket, held, received, server } = await halfSent();
    server.pause();
    const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle;
    const filling = fillUp(fd);
    sendLast(held);
    server.resume();
    await expect.poll(() => received().length, { interval: 5 }).toBe(2 + filling + 1);
    expect(received().at(-1)).toBe('c');
  });

  it('sends the last byte after what the stream has queued', async () => {
    const { socket, held, received, server } = await halfSent();
    server.pause();
    const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle;
    const filling = fillUp(fd);
    net.Socket.prototype.write.call(socket, 'queued');
    sendLast(held);
    server.resume();
    await expect.poll(() => received().length, { interval: 5 }).toBe(2 + filling + 7);
    expect(received().slice(-7)).toBe('queuedc');
  });

  it('encrypts the last byte before the release, over TLS', async () => {
    const server = tls.createServer({ key: pem('key.pem'), cert: pem('cert.pem') });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const below = new HeldRecords(net.connect((server.address() as AddressInfo).port, '127.0.0.1'));
    const socket = tls.connect({ socket: below, ca: pem('cert.pem'), servername: 'localhost' });
    const [[accepted]] = (await Promise.all([once(server, 'secureConnection'), once(socket, 'secureConnect')])) as [
      [tls.TLSSocket],
      unknown,
    ];
    onTestFinished(() => {
      socket.destroy();
      server.close();
    });
    let received = '';
    accepted.on('data', (data) => {
      received += data;
    });
    const held = heldSocketOf(socket, below);
    for (const text of ['abc', 'def']) {
      received = '';
      held.hold();
      socket.write(text);
      await new Promise<void>((flushed) => held.sendAllButLast(flushed));
      await arrived(() => received, text.slice(0, -1));
      expect(below.heldBytes).toBeGreaterThan(0);
      sendLast(held);
      expect(below.heldBytes).toBe(0);
      await arrived(() => received, text);
    }
    socket.write('ghi');
    await arrived(() => received, 'defghi');
  });

  it('never writes to a file that got the descriptor of a closed socket', async () => {
    const { socket, held } = await halfSent();
    const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle;
    socket.on('error', () => {});
    socket.destroy();
    await once(socket, 'close');
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'held-')), 'file');
    const opened: number[] = [];
    while (!opened.includes(fd)) opened.push(fs.openSync(file, 'a'));
    sendLast(held);
    for (const descriptor of opened) fs.closeSync(descriptor);
    expect(fs.readFileSync(file, 'utf8')).toBe('');
  });
});
