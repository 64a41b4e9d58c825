import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { launchSuite, runSuite } from '../support/artillery.ts';
import { correct } from '../support/booking-server.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { CERTIFICATE, IDENTITIES, secureServer } from '../support/secure-server.ts';
import { book, eachSeat, suiteFor } from '../support/suites.ts';

describe.concurrent('a target over TLS', () => {
  it.for([
    { offers: true, wire: 'auto', speaks: '2.0' },
    { offers: false, wire: 'auto', speaks: '1.1' },
    { offers: true, wire: 'http1', speaks: '1.1' },
    { offers: true, wire: 'http2', speaks: '2.0' },
  ])(
    'that offers HTTP/2 ($offers) is raced over $speaks with wire: $wire',
    async ({ offers, wire, speaks }, { open }) => {
      const server = await open(secureServer({ http2: offers }));
      const tls = { ca: fs.readFileSync(CERTIFICATE, 'utf8') };
      const run = await runSuite(suiteFor(server.url, { race: { wire }, config: { tls } }));
      expect(run.code, run.stdout + run.stderr).toBe(0);
      expect(run.verdict).toMatchObject({ verdict: 'pass', totals: { requests: 30, ok: 3, fail: 27 } });
      expect(new Set(server.versions)).toEqual(new Set([speaks]));
    },
  );

  it('whose certificate is not trusted cannot pass; with rejectUnauthorized: false it is raced', async ({ open }) => {
    const server = await open(secureServer({ http2: true }));
    const distrusted = await runSuite(suiteFor(server.url));
    expect(distrusted.code).toBe(4);
    expect(distrusted.stdout).toMatch(/self-signed|SELF_SIGNED/);
    const trusted = await runSuite(suiteFor(server.url, { config: { tls: { rejectUnauthorized: false } } }));
    expect(trusted.code, trusted.stdout + trusted.stderr).toBe(0);
  });
});

describe.concurrent('a target that asks for a client certificate', () => {
  it.for(
    Object.entries(IDENTITIES).flatMap(([name, identity]) =>
      ['http1', 'http2'].map((wire) => ({ name, identity, wire })),
    ),
  )(
    'gets it from config.tls as $name, over $wire, for the race and the read-back',
    async ({ identity, wire }, { open }) => {
      const server = await open(secureServer({ http2: wire === 'http2', mutual: true }));
      const race = { wire, readBack: '/seats/{seat}' };
      const run = await runSuite(suiteFor(server.url, { race, config: { tls: { ca: CERTIFICATE, ...identity } } }));
      expect(run.code, run.stdout + run.stderr).toBe(0);
      expect(run.verdict).toMatchObject({ verdict: 'pass', totals: { requests: 30, ok: 3, fail: 27 } });
      expect(run.verdict).toMatchObject({ readBack: 'on', findings: [] });
    },
  );

  it("gets it by the names of Artillery's HTTP client too, from config.tls or from the request", async ({ open }) => {
    const text = (file: string) => fs.readFileSync(file, 'utf8');
    const { cert, key } = IDENTITIES['cert and key'];
    const own = { certificateAuthority: text(CERTIFICATE), certificate: text(cert), key: text(key) };
    const flow = [eachSeat(book(undefined, { https: own }))];
    for (const suite of [{ config: { tls: own } }, { flow }]) {
      const server = await open(secureServer({ http2: false, mutual: true }));
      const run = await runSuite(suiteFor(server.url, { race: { readBack: '/seats/{seat}' }, ...suite }));
      expect(run.code, run.stdout + run.stderr).toBe(0);
      expect(run.verdict).toMatchObject({ verdict: 'pass', totals: { ok: 3, fail: 27 }, readBack: 'on', findings: [] });
    }
  });

  it('gets requests that ask for HTTP/2 themselves in the race, over the protocol that it prefers', async ({
    open,
  }) => {
    const server = await open(secureServer({ http2: true, mutual: false }));
    const flow = [eachSeat(book(undefined, { http2: true }))];
    const run = await runSuite(suiteFor(server.url, { config: { tls: { ca: CERTIFICATE } }, flow }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.totals).toMatchObject({ requests: 30, ok: 3, fail: 27 });
    expect(new Set(server.versions)).toEqual(new Set(['2.0']));
  });

  it.for<[string, object]>([
    ['without one', {}],
    ['with a wrong passphrase', { ...IDENTITIES.pfx, passphrase: 'guessed-passphrase' }],
  ])('cannot pass %s, and the passphrase is in no output', async ([, identity], { open }) => {
    const server = await open(secureServer({ http2: false, mutual: true }));
    const run = await runSuite(suiteFor(server.url, { config: { tls: { ca: CERTIFICATE, ...identity } } }));
    expect(run.code, run.stdout + run.stderr).not.toBe(0);
    expect(run.verdict?.verdict).not.toBe('pass');
    expect(run.stdout + run.stderr + JSON.stringify(run.verdict)).not.toContain('guessed-passphrase');
  });
});

describe.concurrent('through the gate, everything works as without it', () => {
  it('cookies, captures, redirects, compression, chunked answers and expectations', async ({ open }) => {
    const seen: string[] = [];
    const sold = new Set<string>();
    const server = await open(
      httpServer((request, response) => {
        const seat = request.url?.split('/').at(-1) ?? '';
        if (request.url === '/login')
          return response.writeHead(200, { 'set-cookie': 'sid=s-123456; Path=/' }).end('{"key":"k-7"}');
        if (request.url?.startsWith('/old/')) return response.writeHead(307, { location: `/new/${seat}` }).end();
        seen.push(`${request.headers.cookie} ${request.headers['x-key']} ${request.method} ${request.url}`);
        const isFree = !sold.has(seat);
        sold.add(seat);
        response.writeHead(isFree ? 201 : 409, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        const zipped = gzipSync(`{"order_id":"${seat}"}`);
        response.write(zipped.subarray(0, 10));
        return setTimeout(() => response.end(zipped.subarray(10)), 5);
      }),
    );
    const flow = [
      { post: { url: '/login', capture: { json: '$.key', as: 'key' } } },
      {
        post: {
          url: '/new/B1',
          headers: { 'x-key': '{{ key }}' },
          race: 'B1',
          capture: { json: '$.order_id', as: 'order' },
          expect: [{ statusCode: [201, 409] }, { contentType: 'json' }],
        },
      },
      { get: { url: '/old/{{ order }}' } },
    ];
    const config = { plugins: { expect: { formatter: 'silent' } } };
    const run = await runSuite(suiteFor(server.url, { race: { inventories: ['B1'] }, vus: 5, config, flow }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(seen.filter((line) => line === 'sid=s-123456 k-7 POST /new/B1')).toHaveLength(5);
    // The next step uses what was captured from the raced answer, and is not held back.
    expect(seen.filter((line) => line.endsWith('GET /new/B1'))).toHaveLength(5);
  });

  it('a redirect of the raced request is followed, and the redirect itself is judged', async ({ open }) => {
    const seen: string[] = [];
    const server = await open(
      httpServer((request, response) => {
        seen.push(`${request.method} ${request.url} ${request.headers['x-race-ticket']}`);
        if (request.method === 'GET') return response.end('{}');
        const isFirst = seen.filter((line) => line.startsWith('POST')).length === 1;
        return isFirst ? response.writeHead(303, { location: '/mine' }).end() : response.writeHead(409).end('{}');
      }),
    );
    const race = { inventories: ['A1'], outcome: { success: { status: [303] } } };
    const run = await runSuite(suiteFor(server.url, { race, vus: 5 }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.totals).toMatchObject({ requests: 5, ok: 1, fail: 4 });
    expect(seen.toSorted()).toEqual(['GET /mine undefined', ...Array(5).fill('POST /book undefined')]);
  });

  it.for(['scenario', 'request'])('a hook of the %s may replace what is sent', async (where, { target, folder }) => {
    const processor = path.join(folder, 'hooks.cjs');
    fs.writeFileSync(
      processor,
      `exports.sign = (request, context, events, done) => {
        request.headers = { 'x-signature': 'mine' };
        request.json = { seat: request.json.seat.toLowerCase() };
        done();
      };`,
    );
    const signatures: unknown[] = [];
    const server = await target((booking) => {
      signatures.push(booking.response.req.headers['x-signature']);
      return correct()(booking);
    });
    const hook = { beforeRequest: 'sign' };
    const run = await runSuite(
      suiteFor(server.url, {
        race: { inventories: ['A1'] },
        config: { processor },
        scenario: where === 'scenario' ? hook : {},
        flow: [book('A1', where === 'request' ? hook : {})],
      }),
    );
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.rounds).toMatchObject([{ ok: 1, fail: 9, overlap: 10 }]);
    expect(signatures).toEqual(Array(10).fill('mine'));
  });

  it('a step that does not race waits for nobody, and a failed expectation fails the suite', async ({ target }) => {
    const server = await target();
    const run = await launchSuite(
      suiteFor(server.url, {
        config: { plugins: { expect: { formatter: 'silent' } } },
        flow: [{ get: { url: '/seats/A1', expect: { statusCode: 418 } } }, eachSeat(book())],
      }),
    );
    expect(run.verdict?.verdict).toBe('pass');
    expect(run.code).toBe(21);
    expect(run.stderr).toContain('the verdict is pass, but something else in the suite failed: exit code 21');
  });

  it("Artillery's own response times do not include the wait for the others", async ({ target }) => {
    const server = await target();
    // The first contender waits two seconds for the last one.
    const config = { phases: [{ duration: 2, arrivalCount: 10 }] };
    const suite = suiteFor(server.url, { race: { inventories: ['A1'] }, config });
    const run = await runSuite(suite, { env: { OUTPUT_FORMAT: 'new' }, loud: true });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    const max = Number(/http\.response_time:[\s\S]*?max: \.+ ([\d.]+)/.exec(run.stdout)?.[1]);
    expect(max).toBeLessThan(1500);
    expect(run.verdict?.responseTimeMs.max).toBeLessThan(1500);
  });
});

describe.concurrent('several raced requests in one flow', () => {
  it('each have a rendezvous and a verdict: hold, then confirm', async ({ open }) => {
    const done = new Map<string, string>();
    const server = await open(
      httpServer((request, response, body) => {
        const [, step, seat] = request.url?.split('/') ?? [];
        const { vu } = JSON.parse(body) as { vu: number };
        const isMine = step === 'hold' ? !done.has(`hold ${seat}`) : done.get(`hold ${seat}`) === String(vu);
        if (isMine) done.set(`${step} ${seat}`, String(vu));
        response
          .writeHead(isMine ? 201 : 409)
          .end(JSON.stringify({ order_id: `${step}-${seat}`, message: 'not yours' }));
      }),
    );
    const step = (name: string) => ({
      post: { url: `/${name}/{{ $loopElement }}`, json: { vu: '{{ $vu }}' }, race: `${name} {{ $loopElement }}` },
    });
    const flow = [{ loop: [step('hold'), step('confirm')], over: ['S1', 'S2'] }];
    const run = await runSuite(suiteFor(server.url, { race: { inventories: undefined }, vus: 6, flow }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.rounds).toMatchObject(
      ['hold S1', 'confirm S1', 'hold S2', 'confirm S2'].map((inventory) => ({
        inventory,
        ok: 1,
        fail: 5,
        overlap: 6,
      })),
    );
  });
});

describe.concurrent('a rehearsal', () => {
  const rehearsing = it.extend('raceAndCount', ({ open }) => async (race: object) => {
    const gets: string[] = [];
    let booked = 0;
    const server = await open(
      httpServer((request, response) => {
        if (request.method === 'GET') gets.push(`${booked === 0 ? 'before' : 'after'} ${request.url}`);
        else booked += 1;
        response.writeHead(request.method === 'GET' ? 200 : booked === 1 ? 201 : 409).end(
          JSON.stringify({
            order_id: 'o',
            status: booked > 0 ? 'booked' : 'available',
            order_ids: booked > 0 ? ['o'] : [],
          }),
        );
      }),
    );
    const run = await runSuite(suiteFor(server.url, { race: { inventories: ['A1'], ...race } }));
    return { run, gets, booked };
  });

  rehearsing('warms the target with the read-back of every contender, and is not counted', async ({ raceAndCount }) => {
    const { run, gets, booked } = await raceAndCount({ readBack: '/seats/{seat}', rehearsal: { rounds: 2 } });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    // The first look at the seat, then two rounds of ten.
    expect(gets.filter((line) => line === 'before /seats/A1')).toHaveLength(21);
    expect(booked).toBe(10);
    expect(run.verdict?.totals.requests).toBe(10);
    expect(run.history?.attempts).toHaveLength(10);
  });

  rehearsing('sends the request that the user names', async ({ raceAndCount }) => {
    const { run, gets } = await raceAndCount({ rehearsal: { path: '/health', rounds: 1 } });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(gets).toEqual(Array(10).fill('before /health'));
  });

  rehearsing('sends nothing where it is off, or knows no harmless request', async ({ raceAndCount }) => {
    expect((await raceAndCount({ rehearsal: 'off', readBack: '/seats/{seat}' })).gets).toEqual([
      'before /seats/A1',
      'after /seats/A1',
    ]);
    expect((await raceAndCount({})).gets).toEqual([]);
  });

  it('may be answered with an error', async ({ target }) => {
    const server = await target();
    const run = await runSuite(suiteFor(server.url, { race: { rehearsal: { path: '/nothing/here' } } }));
    expect(run.code, run.stdout + run.stderr).toBe(0);
  });
});

describe.concurrent('a proxy from the environment', () => {
  it('is refused, because raced requests would bypass it', async () => {
    const run = await runSuite(suiteFor('http://127.0.0.1:9'), { env: { HTTP_PROXY: 'http://127.0.0.1:8' } });
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^Error: HTTP_PROXY: is set, and requests that race never go through a proxy/);
  });

  it('is ignored where NO_PROXY names the target', async ({ target }) => {
    const server = await target();
    const env = { HTTP_PROXY: 'http://127.0.0.1:8', NO_PROXY: 'localhost,127.0.0.1' };
    const run = await runSuite(suiteFor(server.url), { env });
    expect(run.code, run.stdout + run.stderr).toBe(0);
  });
});
