import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkReachable } from '../../cli/reachable.ts';
import { CERTIFICATE, secureServer } from '../support/secure-server.ts';

const check = (target: string, tls?: object) =>
  checkReachable({ target, where: 'target', tls, scenarioFile: '/suite.yml' }, new AbortController().signal);

describe('a target over TLS', () => {
  it.each([true, false])('is reached if its certificate is trusted or not checked (HTTP/2: %s)', async (http2) => {
    const server = await secureServer({ http2 });
    await check(server.url, { ca: CERTIFICATE });
    await check(server.url.replace('localhost', '127.0.0.1'), { ca: CERTIFICATE, servername: 'localhost' });
    await check(server.url, { rejectUnauthorized: false });
    await server.close();
  });

  it.each<[string, object | undefined, RegExp]>([
    [
      'a self-signed certificate',
      undefined,
      /^no TLS connection to https:\/\/\S+: self-signed certificate.*\. Set config\.tls/,
    ],
    [
      'a certificate for another host',
      { ca: CERTIFICATE, servername: 'example.org' },
      /Host: example\.org\. is not in the cert/,
    ],
    [
      'a missing file for the authority',
      { ca: '/nowhere/ca.pem' },
      /^config\.tls\.ca: cannot read \/nowhere\/ca\.pem: there is no such file/,
    ],
    ['a broken certificate of the client', { cert: 'no\ncertificate' }, /^no TLS connection/],
  ])('is refused with %s', async (_what, tls, message) => {
    const server = await secureServer({ http2: true });
    await expect(check(server.url, tls)).rejects.toThrow(message);
    await server.close();
  });

  it('is refused if it speaks plain HTTP', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await expect(check(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)).rejects.toThrow(
      /^no TLS connection/,
    );
    server.close();
  });
});
