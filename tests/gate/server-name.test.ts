import { once } from 'node:events';
import fs from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createGate } from '../../plugin/src/gate/index.ts';
import { agentsOf, sendWhole } from '../support/engine.ts';
import { IDENTITIES } from '../support/secure-server.ts';

const files = IDENTITIES['cert and key'];
const [cert, key] = [fs.readFileSync(files.cert), fs.readFileSync(files.key)];

/** The names by which a server is asked for its certificate while one request goes through the gate. */
async function namesFor(wire: 'auto' | 'http1', options: https.RequestOptions): Promise<readonly unknown[]> {
  const server = http2.createSecureServer({ cert, key, allowHTTP1: true }, (_request, response) => response.end());
  const names: unknown[] = [];
  server.on('secureConnection', (socket) => names.push(socket.servername));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tls = { rejectUnauthorized: false };
  const gate = createGate({ now: () => performance.now(), timeoutMs: 2000, maxBodyBytes: 1000, wire, tls });
  onTestFinished(() => {
    gate.close();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const answer = await sendWhole(https.request({ ...options, port, agent: agentsOf(gate).httpsAgent }));
  expect(answer.status).toBe(200);
  return [...new Set(names)];
}

it.each(['auto', 'http1'] as const)('a server is asked for its certificate by its name (%s)', async (wire) => {
  expect(await namesFor(wire, { host: 'localhost' })).toEqual(['localhost']);
  const headers = { host: 'shop.example:8443' };
  expect(await namesFor(wire, { host: '127.0.0.1', headers })).toEqual(['shop.example']);
  expect(await namesFor(wire, { host: '127.0.0.1', headers, servername: 'other.example' })).toEqual(['other.example']);
  expect(await namesFor(wire, { host: '127.0.0.1' })).toEqual([false]);
});
