import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askServer } from '../../plugin/src/artillery/shared/ask-server.ts';
import { raceSchema } from '../../plugin/src/config/schema.ts';

let server: http.Server | undefined;
afterEach(() => server?.close().closeAllConnections());

/** Asks about A, B and C with two retries. `answers` decides by the number of the request whether the server answers. */
async function ask(answers: (number: number) => boolean) {
  const asked: string[] = [];
  server = http.createServer(({ url = '' }, response) => {
    asked.push(url.slice(1));
    if (answers(asked.length)) response.end('{"status":"available"}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const settings = raceSchema.shape.readBack.parse({ path: '/{seat}', timeoutMs: 100, settleMs: 0, retries: 2 });
  if (settings === undefined) throw new Error('the read-back is off');
  const said = await askServer({
    when: 'after',
    settings,
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: ['A', 'B', 'C'],
    rawHeaders: [],
    tls: {},
    wire: 'http1',
    now: () => performance.now(),
  });
  return { asked: asked.join(''), said: said.map(({ inventory, kind }) => `${inventory} ${kind}`) };
}

describe('the read-back', () => {
  it('asks again after no answer', async () => {
    expect(await ask((number) => number > 2)).toEqual({ asked: 'AAABC', said: ['A read', 'B read', 'C read'] });
  });

  it('asks a server that never answers about each key, and repeats only the first question', async () => {
    expect(await ask(() => false)).toEqual({
      asked: 'AAABC',
      said: ['A unreadable', 'B unreadable', 'C unreadable'],
    });
  });

  it('repeats questions again after the server has answered', async () => {
    // No answer about A; one about B; and about C only the second time.
    expect(await ask((number) => number === 4 || number === 6)).toEqual({
      asked: 'AAABCC',
      said: ['A unreadable', 'B read', 'C read'],
    });
  });
});
