import { describe, expect } from 'vitest';
import { Cookies } from '../../../plugin/src/init/probe/cookies.ts';
import { fillText, fillValue } from '../../../plugin/src/init/probe/fill.ts';
import { send } from '../../../plugin/src/init/probe/send.ts';
import { Session } from '../../../plugin/src/init/probe/session.ts';
import { textsIn } from '../../../plugin/src/init/probe/texts-sent.ts';
import { reply } from '../../recording/replies.ts';
import { it } from '../../support/fixtures.ts';
import { type Handler, httpServer } from '../../support/http-server.ts';

const GET = { method: 'GET', headers: [] } as const;

describe('a request of the probe', () => {
  it('is sent once, and no redirect is followed', async ({ open }) => {
    const urls: unknown[] = [];
    const { url } = await open(
      httpServer((request, response) => {
        urls.push(request.url);
        response.writeHead(302, { location: '/elsewhere' }).end();
      }),
    );
    expect(await send({ ...GET, url: `${url}/a` })).toMatchObject({ kind: 'complete', status: 302 });
    expect(urls).toEqual(['/a']);
  });

  it.for<[string, Handler, object]>([
    ['never', () => {}, { failure: 'timeout', error: 'no whole answer within 0.3 s' }],
    ['in part', (_, response) => response.writeHead(200).write('{"id"'), { failure: 'timeout' }],
    ['and breaks off', (request) => request.socket.destroy(), { failure: 'reset' }],
    [
      'without end',
      (_, response) => response.end('x'.repeat(300_000)),
      { failure: 'unreadable', error: 'the answer is longer than 256 KiB' },
    ],
  ])('says so where the server answers %s', async ([_what, handler, failure], { open }) => {
    const { url } = await open(httpServer(handler));
    expect(await send({ ...GET, url }, 300)).toMatchObject({ kind: 'broken', ...failure });
  });

  it('says so where nobody is there, and where the URL is none', async () => {
    expect(await send({ ...GET, url: 'http://127.0.0.1:9/' })).toMatchObject({ failure: 'unreachable' });
    expect(await send({ ...GET, url: 'nonsense' })).toMatchObject({ kind: 'broken', error: 'Invalid URL' });
  });
});

describe('templates', () => {
  const variables = { $env: { TOKEN: 't-1' }, seat: 7, user: { name: 'anna' }, $uuid: 'u-1' };

  it('are filled in as Artillery does it', () => {
    const unknown = new Set<string>();
    expect(fillText('{{ user.name }}/{{$uuid}}/{{ $env.TOKEN }}', variables, unknown)).toBe('anna/u-1/t-1');
    expect(fillValue({ seat: '{{ seat }}', all: ['{{ seat }}!'], n: 1 }, variables, unknown)).toEqual({
      seat: 7,
      all: ['7!'],
      n: 1,
    });
    expect([...unknown]).toEqual([]);
  });

  it('are named where nobody knows what they stand for', () => {
    const unknown = new Set<string>();
    expect(fillText('{{ $env.OTHER }} {{ constructor }}', variables, unknown)).toBe(
      '{{ $env.OTHER }} {{ constructor }}',
    );
    expect([...unknown]).toEqual(['$env.OTHER', 'constructor']);
  });
});

describe('cookies', () => {
  it('are kept, replaced and forgotten, each at its host', () => {
    const cookies = new Cookies();
    const set = (...lines: readonly string[]) =>
      cookies.learn('http://a.example/', reply(200, '', { 'set-cookie': lines }));
    set('sid=1; Path=/; HttpOnly', 'theme=dark');
    expect(cookies.header('http://a.example/x', 'sid=0; lang=en')).toBe('lang=en; sid=1; theme=dark');
    set('sid=2', 'theme=; Max-Age=0', 'old=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT');
    expect(cookies.header('http://a.example/x', undefined)).toBe('sid=2');
    expect(cookies.header('http://b.example/', undefined)).toBeUndefined();
  });
});

describe('a user of the probe', () => {
  const draft = {
    method: 'POST',
    segments: ['orders'],
    query: [],
    headers: [],
    body: { kind: 'json', value: {}, text: '{}' },
  } as const;

  it('signs in by the steps before, follows their redirects, and keeps what they give', async ({ open }) => {
    const seen: string[] = [];
    const { url } = await open(
      httpServer((request, response) => {
        const { method, url: place, headers } = request;
        const [cookie, token, condition] = [headers.cookie, headers.authorization, headers['if-none-match']];
        seen.push(`${method} ${place} ${cookie ?? '-'} ${token ?? '-'} ${condition ?? '-'}`);
        if (place === '/login') return response.writeHead(302, { location: '/home', 'set-cookie': 'sid=1' }).end();
        response.end('{"token":"t-1"}');
      }),
    );
    const login = { ...draft, origin: url, segments: ['login'] };
    const headers = [
      ['authorization', 'Bearer {{ token }}'],
      ['if-none-match', '*'],
    ] as const;
    const request = { ...draft, origin: url, headers };
    const session = new Session(
      { before: [{ request: login, capture: { json: '$.token', as: 'token' } }], request },
      {},
    );
    expect(await session.missing()).toEqual([]);
    expect(await session.signIn()).toBeUndefined();
    await session.book();
    await session.get('/orders/1');
    expect(seen).toEqual([
      'POST /login - - -',
      'GET /home sid=1 - -',
      'POST /orders sid=1 Bearer t-1 *',
      'GET /orders/1 sid=1 Bearer t-1 -',
    ]);
  });

  it('tells another host nothing of itself', async ({ open }) => {
    const seen: object[] = [];
    const other = await open(
      httpServer(({ headers }, response) => {
        seen.push(headers);
        response.end();
      }),
    );
    const shop = await open(httpServer((_, response) => response.writeHead(201, { 'set-cookie': 'sid=1' }).end()));
    const request = { ...draft, origin: shop.url, login: { user: 'anna', pass: 'secret-1' } } as const;
    const session = new Session({ before: [], request }, {});
    await session.book();
    await session.get(`${other.url.replace('127.0.0.1', 'localhost')}/seats`);
    expect(JSON.stringify(seen)).not.toMatch(/authorization|cookie|content-type/);
    expect(seen).toHaveLength(1);
  });
});

it('knows what an answer may repeat: names, addresses and keys that were sent, not every word', () => {
  const headers = [['authorization', `Basic ${Buffer.from('anna:pw').toString('base64')}`]] as const;
  const body = '{"name":"Anna Ash","email":"a@b.example","kind":"order","n":2,"seat":"C-14"}';
  expect(textsIn({ method: 'POST', url: 'http://a.example/o?ref=r-17', headers, body }, 'C-14')).toEqual([
    'r-17',
    'Anna Ash',
    'a@b.example',
    'anna',
  ]);
});
