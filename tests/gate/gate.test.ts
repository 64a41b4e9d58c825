import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createGate,
  type Exchange,
  type Gate,
  type Holder,
  TRANSPORT_ERROR_HEADER,
} from '../../plugin/src/gate/index.ts';
import { type Answer, hold, sendWhole, ticketOf } from '../support/engine.ts';
import { answer, completeRequests, type RawServer, rawServer, type Wire } from '../support/raw-server.ts';

const now = () => performance.now();
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function openGate(timeoutMs = 2000, maxBodyBytes = 10_000): Gate {
  const gate = createGate({ now, timeoutMs, maxBodyBytes, wire: 'auto' });
  closers.push(() => gate.close());
  return gate;
}

async function open(...args: Parameters<typeof rawServer>): Promise<RawServer> {
  const server = await rawServer(...args);
  closers.push(() => server.close());
  return server;
}

/** A request as the HTTP engine would send it, through a lane. */
function send(
  lane: Gate,
  port: number,
  options: { method?: string; body?: string; path?: string } = {},
): Promise<Answer> {
  const { method = 'POST', body = method === 'POST' ? '{"seat":"1"}' : undefined, path = '/orders?x=1' } = options;
  const request = http.request({
    host: '127.0.0.1',
    port,
    method,
    path,
    agent: lane.httpAgent,
    headers: { ...ticketOf(lane), ...(body ? { 'Content-Length': Buffer.byteLength(body) } : {}) },
  });
  return sendWhole(request, body);
}

/** Holds requests until the test lets them go. */
function holder() {
  const staged = Promise.withResolvers<() => void>();
  const done = Promise.withResolvers<Exchange>();
  const its: Holder = { staged: staged.resolve, done: done.resolve };
  return { its, staged: staged.promise, done: done.promise };
}

const answerWhenComplete = (wire: Wire, answered = new WeakMap<Wire, number>()) => {
  const complete = completeRequests(wire.received);
  for (let count = answered.get(wire) ?? 0; count < complete; count++)
    wire.socket.write(answer(201, { order_id: 'o' }));
  answered.set(wire, complete);
};
/** A server that answers every request once it is complete. */
const wellBehaved = () => {
  const answered = new WeakMap<Wire, number>();
  return (wire: Wire) => answerWhenComplete(wire, answered);
};

describe('a held request', () => {
  it.each([
    ['with a body', { method: 'POST', body: '{"seat":"1"}' }],
    ['with a body of one byte', { method: 'POST', body: '1' }],
    ['without a body', { method: 'GET' }],
    ['that deletes', { method: 'DELETE' }],
  ])('%s is on the wire but for its last byte, until it is released', async (_what, options) => {
    const server = await open(wellBehaved());
    const lane = openGate();
    const held = holder();
    hold(lane, held.its);
    const answered = send(lane, server.port, options);
    const release = await held.staged;
    await sleep(30);
    const before = server.wires[0]?.received ?? '';
    expect(completeRequests(before)).toBe(0);
    release();
    expect((await answered).status).toBe(201);
    const whole = server.wires[0]?.received ?? '';
    expect(whole.slice(0, -1)).toBe(before);
    expect(whole).toMatch(new RegExp(`^${options.method} /orders\\?x=1 HTTP/1.1\r\n`));
    expect(whole.match(/^connection:/gim)).toHaveLength(1);
  });

  it('passes the answer on as it came', async () => {
    const server = await open(wellBehaved());
    const lane = openGate();
    expect(await send(lane, server.port)).toMatchObject({
      status: 201,
      body: '{"order_id":"o"}',
      headers: { 'content-type': 'application/json', 'content-length': '16' },
    });
  });

  it('passes on an answer whose reason holds what none may hold', async () => {
    const server = await open(
      ({ received, socket }) =>
        completeRequests(received) > 0 && socket.write('HTTP/1.1 201 Done\x07\r\nContent-Length: 2\r\n\r\n{}'),
    );
    expect(await send(openGate(), server.port)).toMatchObject({ status: 201, body: '{}' });
  });

  it('may have a head of any size: whether it is too large is for the target to say', async () => {
    const server = await open(wellBehaved());
    const path = `/orders?x=${'1'.repeat(100_000)}`;
    expect((await send(openGate(), server.port, { path })).status).toBe(201);
    expect(server.wires[0]?.received).toContain(`POST ${path} HTTP/1.1`);
  });

  it('uses one connection for all its rounds', async () => {
    const server = await open(wellBehaved());
    const lane = openGate();
    for (let round = 1; round <= 3; round++) {
      const held = holder();
      hold(lane, held.its);
      const answered = send(lane, server.port);
      (await held.staged)();
      await answered;
    }
    expect(server.wires).toHaveLength(1);
  });

  it('holds only the request that was marked: those after it pass', async () => {
    const server = await open(wellBehaved());
    const lane = openGate();
    const held = holder();
    hold(lane, held.its);
    const answered = send(lane, server.port);
    (await held.staged)();
    await answered;
    expect((await send(lane, server.port, { method: 'GET' })).status).toBe(201);
  });

  it('has its times from the clock of the run, the response counted from the release', async () => {
    const server = await open(wellBehaved());
    const lane = openGate();
    const held = holder();
    hold(lane, held.its);
    void send(lane, server.port);
    const release = await held.staged;
    await sleep(50);
    const releasedAfter = now();
    release();
    const { timing } = await held.done;
    expect(timing.stagedAtMs).toBeLessThan(releasedAfter - 40);
    expect(timing.releasedAtMs).toBeGreaterThanOrEqual(releasedAfter);
    expect(timing.firstByteAtMs).toBeGreaterThanOrEqual(timing.releasedAtMs ?? Infinity);
    expect(timing.completedAtMs).toBeGreaterThanOrEqual(timing.firstByteAtMs ?? Infinity);
  });

  it('lets a hundred go in one synchronous loop', async () => {
    const server = await open(wellBehaved());
    const gate = openGate();
    const contenders = Array.from({ length: 100 }, () => {
      const lane = gate;
      const held = holder();
      hold(lane, held.its);
      const answered = send(lane, server.port);
      return { held, answered };
    });
    const releases = await Promise.all(contenders.map(({ held }) => held.staged));
    expect(server.wires.every((wire) => completeRequests(wire.received) === 0)).toBe(true);
    for (const release of releases) release();
    const answers = await Promise.all(contenders.map(({ answered }) => answered));
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect(server.wires).toHaveLength(100);
  });
});

describe('a request that gets no answer', () => {
  const race = async (lane: Gate, port: number) => {
    const held = holder();
    hold(lane, held.its);
    const answered = send(lane, port);
    void held.staged.then((release) => release());
    return { answer: await answered, exchange: await held.done };
  };

  it('is answered by the gate with 599 and the name of the error, and its contender lives on', async () => {
    const answered = wellBehaved();
    let resets = 0;
    const server = await open((wire) => {
      if (completeRequests(wire.received) > 0 && resets++ === 0) wire.socket.resetAndDestroy();
      else answered(wire);
    });
    const lane = openGate();
    const { answer: its, exchange } = await race(lane, server.port);
    expect(its.status).toBe(599);
    expect(its.headers[TRANSPORT_ERROR_HEADER]).toMatch(/^reset: .*ECONNRESET/);
    expect(exchange.reply).toMatchObject({ kind: 'broken', failure: 'reset' });
    expect((await race(lane, server.port)).answer.status).toBe(201);
  });

  it.each<[string, string, (wire: Wire) => void, RegExp]>([
    ['never comes', 'timeout', () => {}, /no answer within 300 ms/],
    [
      'begins and never ends',
      'timeout',
      (wire) => void wire.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal'),
      /300 ms/,
    ],
    [
      'is cut off in the middle',
      'reset',
      (wire) => wire.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal'),
      /aborted/,
    ],
    ['is no HTTP', 'unreadable', (wire) => wire.socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'), /not HTTP/],
    [
      'is too large',
      'unreadable',
      (wire) => void wire.socket.write(answer(200, 'x'.repeat(20_000))),
      /larger than 10000 bytes/,
    ],
  ])('because it %s is broken by %s', async (_what, failure, misbehave, error) => {
    const server = await open((wire) => completeRequests(wire.received) > 0 && misbehave(wire));
    const { answer: its, exchange } = await race(openGate(300), server.port);
    expect(its.status).toBe(599);
    expect(exchange.reply).toMatchObject({ kind: 'broken', failure });
    expect(exchange.reply).toHaveProperty('error', expect.stringMatching(error));
    expect(exchange.timing.releasedAtMs).toBeDefined();
  });

  it('because the target would rather switch protocols is unreadable, and not waited for', async () => {
    const server = await open(
      (wire) =>
        completeRequests(wire.received) > 0 &&
        wire.socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: upgrade\r\n\r\n'),
    );
    const { exchange } = await race(openGate(60_000), server.port);
    expect(exchange.reply).toMatchObject({ kind: 'broken', failure: 'unreadable' });
  });

  it('is unreachable where nothing listens, and was never released', async () => {
    const server = await open(() => {});
    await server.close();
    closers.length = 0;
    const held = holder();
    const lane = openGate();
    hold(lane, held.its);
    expect((await send(lane, server.port)).status).toBe(599);
    const exchange = await held.done;
    expect(exchange.reply).toMatchObject({ kind: 'broken', failure: 'unreachable' });
    expect(exchange.timing.releasedAtMs).toBeUndefined();
  });

  it.each(['auto', 'http1', 'http2'] as const)(
    'is unreachable (%s) where TLS cannot begin, and leaves no connection',
    async (wire) => {
      const server = await open(() => {});
      const tls = { minVersion: 'TLSv0' };
      const gate = createGate({ now, timeoutMs: 2000, maxBodyBytes: 10_000, wire, tls });
      closers.push(() => gate.close());
      const held = holder();
      hold(gate, held.its);
      const { port } = server;
      const request = https.request({ host: '127.0.0.1', port, agent: gate.httpsAgent, headers: ticketOf(gate) });
      expect((await sendWhole(request)).status).toBe(599);
      expect((await held.done).reply).toMatchObject({ kind: 'broken', failure: 'unreachable' });
      await expect.poll(() => server.wires.every(({ socket }) => socket.destroyed)).toBe(true);
    },
  );

  it('counts its deadline from the release, not from when it was staged', async () => {
    const server = await open(wellBehaved());
    const lane = openGate(150);
    const held = holder();
    hold(lane, held.its);
    const answered = send(lane, server.port);
    const release = await held.staged;
    await sleep(300);
    release();
    expect((await answered).status).toBe(201);
  });

  it('is aborted when the gate is closed', async () => {
    const server = await open(() => {});
    const gate = openGate();
    const held = holder();
    const lane = gate;
    hold(lane, held.its);
    send(lane, server.port).catch(() => {});
    (await held.staged)();
    gate.close();
    expect((await held.done).reply).toMatchObject({ kind: 'broken', failure: 'aborted' });
  });
});

describe('before the release', () => {
  it('a connection that the target closed is replaced', async () => {
    const answered = wellBehaved();
    const server = await open(answered, () => {});
    const lane = openGate();
    const held = holder();
    hold(lane, held.its);
    const its = send(lane, server.port);
    const release = await held.staged;
    server.wires[0]?.socket.destroy();
    await expect.poll(() => server.wires.length).toBe(2);
    await expect.poll(() => server.wires[1]?.received.length ?? 0).toBeGreaterThan(0);
    await sleep(20);
    expect(completeRequests(server.wires[1]?.received ?? '')).toBe(0);
    release();
    expect((await its).status).toBe(201);
  });

  it('a connection on which the target says that it would not wait is replaced', async () => {
    const server = await open(wellBehaved());
    const staged: (() => void)[] = [];
    const withdrawn = vi.fn();
    const done = Promise.withResolvers<Exchange>();
    const lane = openGate();
    hold(lane, { staged: (release) => staged.push(release), withdrawn, done: done.resolve });
    const its = send(lane, server.port);
    await expect.poll(() => staged).toHaveLength(1);
    server.wires[0]?.socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    await expect.poll(() => staged).toHaveLength(2);
    expect(withdrawn).toHaveBeenCalledOnce();
    staged[1]?.();
    expect((await its).status).toBe(201);
    const { timing } = await done.promise;
    expect(timing.firstByteAtMs).toBeGreaterThan(timing.releasedAtMs ?? Infinity);
  });

  it('but not for ever, where the target always says so', async () => {
    const server = await open(({ socket }) => socket.write(answer(408, {})));
    const lane = openGate();
    const held = holder();
    hold(lane, held.its);
    expect((await send(lane, server.port)).status).toBe(408);
    expect((await held.done).timing.releasedAtMs).toBeUndefined();
  });

  it('an answer that begins early takes no time in the engine, and not less than none', async () => {
    let begun = false;
    const server = await open(({ received, socket }) => {
      if (!begun) socket.write('HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n');
      begun = true;
      if (completeRequests(received) > 0) socket.write('{}');
    });
    const lane = openGate();
    const held = holder();
    hold(lane, held.its);
    const request = http.request({
      host: '127.0.0.1',
      port: server.port,
      method: 'DELETE',
      agent: lane.httpAgent,
      headers: ticketOf(lane),
    });
    const timings = { phases: { firstByte: 12_345 } };
    // As got does, whose listener comes first.
    request.prependListener('response', (response) => Object.assign(response, { timings }));
    const answered = sendWhole(request);
    const release = await held.staged;
    await sleep(50);
    release();
    expect((await answered).body).toBe('{}');
    expect(timings.phases.firstByte).toBe(0);
  });

  it('an answer that comes early is kept, and the connection is not used again', async () => {
    const answered = wellBehaved();
    let early = true;
    const server = await open((wire) => {
      if (early) wire.socket.write(answer(413, { message: 'too large' }));
      else answered(wire);
      early = false;
    });
    const lane = openGate();
    const held = holder();
    hold(lane, held.its);
    expect((await send(lane, server.port)).status).toBe(413);
    const { timing, reply } = await held.done;
    expect(timing.releasedAtMs).toBeUndefined();
    expect(reply).toMatchObject({ kind: 'complete', status: 413 });
    (await held.staged)();
    expect((await send(lane, server.port)).status).toBe(201);
    expect(server.wires).toHaveLength(2);
  });
});

describe('closing', () => {
  it('leaves no connection to the target open', async () => {
    const server = await open(wellBehaved());
    const gate = openGate();
    await send(gate, server.port);
    const socket = server.wires[0]?.socket;
    gate.close();
    if (socket && !socket.destroyed) await once(socket, 'close');
    expect(socket?.destroyed).toBe(true);
  });
});
