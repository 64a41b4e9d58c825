import { once } from 'node:events';
import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const pem = (name: string) => path.join(import.meta.dirname, 'tls', name);
/** A self-signed certificate for localhost, for tests only. It identifies the server, and also clients. */
export const CERTIFICATE = pem('cert.pem');
/** Key and certificate of a client, in each form that people use. */
export const IDENTITIES = {
  'cert and key': { cert: CERTIFICATE, key: pem('key.pem') },
  'cert and encrypted key': { cert: CERTIFICATE, key: pem('key.encrypted.pem'), passphrase: 'for-tests' },
  pfx: { pfx: pem('client.pfx'), passphrase: 'for-tests' },
} as const;

export interface SecureServer {
  readonly url: string;
  /** The HTTP version of each request to book. */
  readonly versions: string[];
  /** The names of all headers that came. */
  readonly names: Set<string>;
  close(): Promise<void>;
}

/**
 * A correct booking server over TLS; with `http2`, it offers that by ALPN; with `mutual`, it turns away clients without
 * a certificate. `POST /book {"seat"}` and `GET /seats/…`.
 */
export async function secureServer(options: { http2: boolean; mutual?: boolean }): Promise<SecureServer> {
  const versions: string[] = [];
  const names = new Set<string>();
  const taken = new Set<string>();
  const cert = fs.readFileSync(CERTIFICATE);
  const mutual = options.mutual === true ? { ca: cert, requestCert: true, rejectUnauthorized: true } : {};
  const credentials = { key: fs.readFileSync(pem('key.pem')), cert, ...mutual };
  const server = options.http2
    ? http2.createSecureServer({ ...credentials, allowHTTP1: true })
    : https.createServer(credentials);
  server.on(
    'request',
    (request: Http2ServerRequest | IncomingMessage, response: Http2ServerResponse | ServerResponse) => {
      for (const name of Object.keys(request.headers)) names.add(name);
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        if (request.method === 'GET') {
          const seat = request.url?.split('/').at(-1) ?? '';
          const status = taken.has(seat) ? 'booked' : 'available';
          return response.end(JSON.stringify({ status, order_ids: taken.has(seat) ? [seat] : [] }));
        }
        versions.push(request.httpVersion);
        const { seat } = JSON.parse(text) as { seat: string };
        response.statusCode = taken.has(seat) ? 409 : 201;
        taken.add(seat);
        return response.end(JSON.stringify({ order_id: seat, message: 'taken' }));
      });
    },
  );
  server.on('sessionError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    versions,
    names,
    async close() {
      server.close();
    },
  };
}
