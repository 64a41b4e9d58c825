import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a token request is answered with; `hang`: nothing; `reset`: the connection is cut. */
export type Answer =
  | 'hang'
  | 'reset'
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown };

export interface TokenRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

export interface TokenServer {
  readonly url: string;
  readonly requests: readonly TokenRequest[];
  readonly close: () => Promise<void>;
}

/** A token endpoint on a free port that answers as told. `number` counts the requests from 1. */
export async function startTokenServer(
  answer: (request: TokenRequest, number: number) => Answer,
): Promise<TokenServer> {
  const requests: TokenRequest[] = [];
  const server = http.createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const request = { form, authorization: incoming.headers.authorization };
    requests.push(request);

    const told = answer(request, requests.length);
    if (told === 'hang') return;
    if (told === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    const { status = 200, headers = {}, body } = told;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth/token`,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A good answer. */
export const token = (value: string, expiresIn?: number): Answer => ({
  body: { access_token: value, token_type: 'Bearer', ...(expiresIn === undefined ? {} : { expires_in: expiresIn }) },
});
