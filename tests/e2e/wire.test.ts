import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runSuite, smallSuite } from '../support/artillery.ts';
import { bookingServer, correct } from '../support/booking-server.ts';
import { CERTIFICATE, IDENTITIES, secureServer } from '../support/secure-server.ts';

const withTls = (script: object, tls: object) => {
  const its = script as { config: object };
  return { ...its, config: { ...its.config, tls } };
};

describe.concurrent('a target over TLS', () => {
  it.each([
    { offers: true, wire: 'auto', speaks: '2.0' },
    { offers: false, wire: 'auto', speaks: '1.1' },
    { offers: true, wire: 'http1', speaks: '1.1' },
    { offers: true, wire: 'http2', speaks: '2.0' },
  ])('that offers HTTP/2 ($offers) is raced over $speaks with wire: $wire', async ({ offers, wire, speaks }) => {
    const server = await secureServer({ http2: offers });
    const run = await runSuite({
      script: withTls(smallSuite(server.url, { wire }), { ca: fs.readFileSync(CERTIFICATE, 'utf8') }),
    });
    await server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({ verdict: 'pass', totals: { requests: 30, ok: 3, fail: 27 } });
    expect(new Set(server.versions)).toEqual(new Set([speaks]));
  });

  it('whose certificate is not trusted is no pass; with rejectUnauthorized: false it is raced', async () => {
    const server = await secureServer({ http2: true });
    const distrusted = await runSuite({ script: smallSuite(server.url) });
    expect(distrusted.code).toBe(4);
    expect(distrusted.stdout).toMatch(/self-signed|SELF_SIGNED/);
    const trusted = await runSuite({ script: withTls(smallSuite(server.url), { rejectUnauthorized: false }) });
    await server.close();
    expect(trusted.code, trusted.stdout + trusted.stderr).toBe(0);
  });
});

describe.concurrent('a target that asks for a certificate', () => {
  it.each(Object.entries(IDENTITIES).flatMap(([name, its]) => ['http1', 'http2'].map((wire) => ({ name, its, wire }))))(
    'gets it from config.tls as $name, over $wire, for the race and the read-back',
    async ({ its, wire }) => {
      const server = await secureServer({ http2: wire === 'http2', mutual: true });
      const race = { wire, readBack: '/seats/{seat}' };
      const run = await runSuite({ script: withTls(smallSuite(server.url, race), { ca: CERTIFICATE, ...its }) });
      await server.close();
      expect(run.code, run.stdout + run.stderr).toBe(0);
      expect(run.verdict).toMatchObject({ verdict: 'pass', totals: { requests: 30, ok: 3, fail: 27 } });
      expect(run.verdict).toMatchObject({ readBack: 'on', findings: [] });
    },
  );

  it.each([
    ['none is given', {}],
    ['its passphrase is wrong', { ...IDENTITIES.pfx, passphrase: 'guessed-passphrase' }],
  ])('is no pass where %s, and the passphrase is nowhere', async (_, its) => {
    const server = await secureServer({ http2: false, mutual: true });
    const run = await runSuite({ script: withTls(smallSuite(server.url), { ca: CERTIFICATE, ...its }) });
    await server.close();
    expect(run.code, run.stdout + run.stderr).not.toBe(0);
    expect(run.verdict?.verdict).not.toBe('pass');
    expect(run.stdout + run.stderr + JSON.stringify(run.verdict)).not.toContain('guessed-passphrase');
  });
});

describe.concurrent('through the gate, everything works as without it', () => {
  it('cookies, captures, redirects, compression, chunked answers and expectations', async () => {
    const seen: string[] = [];
    const sold = new Set<string>();
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => {
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
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const suite = {
      config: {
        target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        phases: [{ duration: 1, arrivalCount: 5 }],
        plugins: { expect: { formatter: 'silent' }, race: { inventories: ['B1'] } },
      },
      scenarios: [
        {
          flow: [
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
          ],
        },
      ],
    };
    const run = await runSuite({ script: suite });
    server.closeAllConnections();
    server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(seen.filter((line) => line === 'sid=s-123456 k-7 POST /new/B1')).toHaveLength(5);
    // The capture of the raced answer is used by the step after it, which is not held.
    expect(seen.filter((line) => line.endsWith('GET /new/B1'))).toHaveLength(5);
  });

  it('a redirect of the request that races is followed, and what is judged is the answer that redirects', async () => {
    const seen: string[] = [];
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers['x-race-ticket']}`);
        if (request.method === 'GET') return response.end('{}');
        const isFirst = seen.filter((line) => line.startsWith('POST')).length === 1;
        return isFirst ? response.writeHead(303, { location: '/mine' }).end() : response.writeHead(409).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const race = { inventories: ['A1'], outcome: { success: { status: [303] } } };
    const run = await runSuite({ script: smallSuite(url, race, 5) });
    server.closeAllConnections();
    server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.totals).toMatchObject({ requests: 5, ok: 1, fail: 4 });
    expect(seen.toSorted()).toEqual(['GET /mine undefined', ...Array(5).fill('POST /book undefined')]);
  });

  it.each(['scenario', 'request'])('a hook of the %s may replace what is sent', async (where) => {
    const processor = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'race-hook-')), 'hooks.cjs');
    fs.writeFileSync(
      processor,
      `exports.sign = (request, context, events, done) => {
        request.headers = { 'x-signature': 'mine' };
        request.json = { seat: request.json.seat.toLowerCase() };
        done();
      };`,
    );
    const signatures: unknown[] = [];
    const server = await bookingServer((booking) => {
      signatures.push(booking.response.req.headers['x-signature']);
      return correct()(booking);
    });
    const flow = [{ post: { url: '/book', json: { seat: 'A1' }, race: 'A1' } }];
    const scenario =
      where === 'scenario'
        ? { beforeRequest: 'sign', flow }
        : { flow: flow.map(({ post }) => ({ post: { ...post, beforeRequest: 'sign' } })) };
    const script = smallSuite(server.url, { inventories: ['A1'] }) as { config: object };
    const run = await runSuite({ script: { config: { ...script.config, processor }, scenarios: [scenario] } });
    await server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.rounds).toMatchObject([{ ok: 1, fail: 9, overlap: 10 }]);
    expect(signatures).toEqual(Array(10).fill('mine'));
  });

  it('a step that does not race waits for nobody, and one that expects something else fails the suite', async () => {
    const server = await bookingServer(correct());
    const script = smallSuite(server.url) as { config: { plugins: object }; scenarios: { flow: object[] }[] };
    Object.assign(script.config.plugins, { expect: { formatter: 'silent' } });
    script.scenarios[0]?.flow.unshift({ get: { url: '/seats/A1', expect: { statusCode: 418 } } });
    const run = await runSuite({ script });
    await server.close();
    expect(run.verdict?.verdict).toBe('pass');
    expect(run.code).toBe(21);
    expect(run.stderr).toContain('the verdict is pass, but Artillery will exit with 21');
  });

  it("Artillery's own response times do not count the wait for the others", async () => {
    const server = await bookingServer(correct());
    const script = smallSuite(server.url, { inventories: ['A1'] }) as { config: object };
    // The first to come waits two seconds for the last.
    Object.assign(script.config, { phases: [{ duration: 2, arrivalCount: 10 }] });
    const run = await runSuite({ script, env: { OUTPUT_FORMAT: 'new' }, loud: true });
    await server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
    const max = Number(/http\.response_time:[\s\S]*?max: \.+ ([\d.]+)/.exec(run.stdout)?.[1]);
    expect(max).toBeLessThan(1500);
    expect(run.verdict?.responseTimeMs.max).toBeLessThan(1500);
  });
});

describe.concurrent('several raced requests in one flow', () => {
  it('have a rendezvous and a verdict each: hold, then confirm', async () => {
    const done = new Map<string, string>();
    const server = http.createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        const [, step, seat] = request.url?.split('/') ?? [];
        const { vu } = JSON.parse(text) as { vu: number };
        const isMine = step === 'hold' ? !done.has(`hold ${seat}`) : done.get(`hold ${seat}`) === String(vu);
        if (isMine) done.set(`${step} ${seat}`, String(vu));
        response
          .writeHead(isMine ? 201 : 409)
          .end(JSON.stringify({ order_id: `${step}-${seat}`, message: 'not yours' }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const step = (name: string) => ({
      post: { url: `/${name}/{{ $loopElement }}`, json: { vu: '{{ $vu }}' }, race: `${name} {{ $loopElement }}` },
    });
    const run = await runSuite({
      script: {
        config: {
          target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          phases: [{ duration: 1, arrivalCount: 6 }],
          plugins: { race: {} },
        },
        scenarios: [{ flow: [{ loop: [step('hold'), step('confirm')], over: ['S1', 'S2'] }] }],
      },
    });
    server.closeAllConnections();
    server.close();
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
  const counting = async (race: object) => {
    const gets: string[] = [];
    let booked = 0;
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => {
        if (request.method === 'GET') gets.push(`${booked === 0 ? 'before' : 'after'} ${request.url}`);
        else booked += 1;
        const status = request.method === 'GET' ? 200 : booked === 1 ? 201 : 409;
        response.writeHead(status).end(
          JSON.stringify({
            order_id: 'o',
            status: booked > 0 ? 'booked' : 'available',
            order_ids: booked > 0 ? ['o'] : [],
          }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const run = await runSuite({ script: smallSuite(url, { inventories: ['A1'], ...race }) });
    server.closeAllConnections();
    server.close();
    return { run, gets, booked };
  };

  it('warms the target by the read-back, from all contenders, and counts nowhere', async () => {
    const { run, gets, booked } = await counting({ readBack: '/seats/{seat}', rehearsal: { rounds: 2 } });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    // One look at the seat before everything, and two rounds of ten.
    expect(gets.filter((line) => line === 'before /seats/A1')).toHaveLength(21);
    expect(booked).toBe(10);
    expect(run.verdict?.totals.requests).toBe(10);
    expect(run.history?.attempts).toHaveLength(10);
  });

  it('asks what the user says', async () => {
    const { run, gets } = await counting({ rehearsal: { path: '/health', rounds: 1 } });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(gets).toEqual(Array(10).fill('before /health'));
  });

  it('sends nothing to the target where it is off, or has nothing harmless to ask', async () => {
    expect((await counting({ rehearsal: 'off', readBack: '/seats/{seat}' })).gets).toEqual([
      'before /seats/A1',
      'after /seats/A1',
    ]);
    expect((await counting({})).gets).toEqual([]);
  });

  it('that the target does not answer well does not matter', async () => {
    const server = await bookingServer(correct());
    const run = await runSuite({ script: smallSuite(server.url, { rehearsal: { path: '/nothing/here' } }) });
    await sleep(0);
    await server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
  });
});

describe.concurrent('a proxy from the environment', () => {
  it('is refused, because requests that race would pass it by', async () => {
    const run = await runSuite({ script: smallSuite('http://127.0.0.1:9'), env: { HTTP_PROXY: 'http://127.0.0.1:8' } });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^Error: HTTP_PROXY: is set, and requests that race never go through a proxy/);
  });

  it('does not matter where NO_PROXY names the target', async () => {
    const server = await bookingServer(correct());
    const run = await runSuite({
      script: smallSuite(server.url),
      env: { HTTP_PROXY: 'http://127.0.0.1:8', NO_PROXY: 'localhost,127.0.0.1' },
    });
    await server.close();
    expect(run.code, run.stdout + run.stderr).toBe(0);
  });
});
