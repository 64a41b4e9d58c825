import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BridgeAgent } from '../../plugin/src/gate/bridge.ts';
import { createGate, type Exchange, type Gate } from '../../plugin/src/gate/index.ts';
import { type Answer, agentsOf, hold, sendWhole } from '../support/engine.ts';
import { answer, completeRequests, type RawServer, rawServer, type Wire } from '../support/raw-server.ts';

const now = () => performance.now();
const poll = <T>(look: () => T) => expect.poll(look, { interval: 5 });

function openGate(timeoutMs = 2000, maxBodyBytes = 10_000): Gate {
  const gate = createGate({ now, timeoutMs, maxBodyBytes, wire: 'auto' });
  onTestFinished(() => gate.close());
  return gate;
}

async function open(...args: Parameters<typeof rawServer>): Promise<RawServer> {
  const server = await rawServer(...args);
  onTestFinished(() => server.close());
  return server;
}

/** Sends a request through the gate, as the HTTP engine would. */
function send(
  gate: Gate,
  port: number,
  options: { method?: string; body?: string; path?: string } = {},
): Promise<Answer> {
  const { method = 'POST', body = method === 'POST' ? '{"seat":"1"}' : undefined, path = '/orders?x=1' } = options;
  const request = http.request({
    host: '127.0.0.1',
    port,
    method,
    path,
    agent: agentsOf(gate).httpAgent,
    headers: body ? { 'Content-Length': Buffer.byteLength(body) } : {},
  });
  return sendWhole(request, body);
}

/** Holds the next request through the gate until the test releases it. */
function holdNext(gate: Gate) {
  const staged = Promise.withResolvers<() => void>();
  const done = Promise.withResolvers<Exchange>();
  hold(gate, { staged: staged.resolve, done: done.resolve });
  return { staged: staged.promise, done: done.promise };
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
  ])('%s is on the wire without the last byte until it is released', async (_what, options) => {
    const server = await open(wellBehaved());
    const gate = openGate();
    const held = holdNext(gate);
    const answered = send(gate, server.port, options);
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

  it('gets the answer exactly as it came', async () => {
    const server = await open(wellBehaved());
    const gate = openGate();
    expect(await send(gate, server.port)).toMatchObject({
      status: 201,
      body: '{"order_id":"o"}',
      headers: { 'content-type': 'application/json', 'content-length': '16' },
    });
  });

  it('gets an answer whose reason phrase has a control character', async () => {
    const server = await open(
      ({ received, socket }) =>
        completeRequests(received) > 0 && socket.write('HTTP/1.1 201 Done\x07\r\nContent-Length: 2\r\n\r\n{}'),
    );
    expect(await send(openGate(), server.port)).toMatchObject({ status: 201, body: '{}' });
  });

  it('may have a head of any size: the target decides what is too large', async () => {
    const server = await open(wellBehaved());
    const path = `/orders?x=${'1'.repeat(100_000)}`;
    expect((await send(openGate(), server.port, { path })).status).toBe(201);
    expect(server.wires[0]?.received).toContain(`POST ${path} HTTP/1.1`);
  });

  it('uses the same connection in every round', async () => {
    const server = await open(wellBehaved());
    const gate = openGate();
    for (let round = 1; round <= 3; round++) {
      const held = holdNext(gate);
      const answered = send(gate, server.port);
      (await held.staged)();
      await answered;
    }
    expect(server.wires).toHaveLength(1);
  });

  it('is the only one that waits: later requests pass', async () => {
    const server = await open(wellBehaved());
    const gate = openGate();
    const held = holdNext(gate);
    const answered = send(gate, server.port);
    (await held.staged)();
    await answered;
    expect((await send(gate, server.port, { method: 'GET' })).status).toBe(201);
  });

  it('has times on the clock of the run, in the order of the steps', async () => {
    const server = await open(wellBehaved());
    const gate = openGate();
    const held = holdNext(gate);
    void send(gate, server.port);
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

  it('can be released with a hundred others in one synchronous loop', async () => {
    const server = await open(wellBehaved());
    const gate = openGate();
    const contenders = Array.from({ length: 100 }, () => {
      const held = holdNext(gate);
      const answered = send(gate, server.port);
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

describe('a request without an answer', () => {
  const race = async (gate: Gate, port: number) => {
    const held = holdNext(gate);
    const answered = send(gate, port);
    void held.staged.then((release) => release());
    return { answer: await answered, exchange: await held.done };
  };

  it('breaks for the engine too, with the name of the error, and the contender goes on', async () => {
    const answered = wellBehaved();
    let resets = 0;
    const server = await open((wire) => {
      if (completeRequests(wire.received) > 0 && resets++ === 0) wire.socket.resetAndDestroy();
      else answered(wire);
    });
    const gate = openGate();
    const { answer: given, exchange } = await race(gate, server.port);
    expect(given.status).toBe(0);
    expect(given.error).toMatchObject({ code: 'ECONNRESET' });
    expect(exchange.reply).toMatchObject({ kind: 'broken', failure: 'reset' });
    expect((await race(gate, server.port)).answer.status).toBe(201);
  });

  it.each<[string, string, (wire: Wire) => void, RegExp, { status: number; bytes: number }?]>([
    ['never came', 'timeout', () => {}, /no answer within 300 ms/],
    [
      'began and never ended',
      'timeout',
      (wire) => void wire.socket.write('HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\nhal'),
      /300 ms/,
      { status: 201, bytes: 3 },
    ],
    [
      'was cut off in the middle',
      'reset',
      (wire) => wire.socket.end('HTTP/1.1 409 Conflict\r\nContent-Length: 9\r\n\r\nhal'),
      /aborted/,
      { status: 409, bytes: 3 },
    ],
    ['was not HTTP', 'unreadable', (wire) => wire.socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'), /not HTTP/],
    [
      'had no valid status',
      'unreadable',
      (wire) => void wire.socket.write('HTTP/1.1 700 Odd\r\nContent-Length: 9\r\n\r\nhal'),
      /700 is not an HTTP status/,
    ],
    [
      'was too large',
      'unreadable',
      (wire) => void wire.socket.write(answer(200, 'x'.repeat(20_000))),
      /larger than 10000 bytes/,
      { status: 200, bytes: 10_000 },
    ],
  ])('because it %s ends as %s, with the status if that came', async (_what, failure, misbehave, error, came) => {
    const server = await open((wire) => completeRequests(wire.received) > 0 && misbehave(wire));
    const { answer: given, exchange } = await race(openGate(300), server.port);
    // Only of an answer that is too large to be kept does the engine get the rest.
    expect(given.status).toBe(given.body.length > 10_000 ? 200 : 0);
    const { reply } = exchange;
    expect(reply).toMatchObject({ failure, error: expect.stringMatching(error) });
    const received = reply.kind === 'broken' ? undefined : { status: reply.status, bytes: reply.body.length };
    expect(received).toEqual(came);
    expect(exchange.timing.releasedAtMs).toBeDefined();
  });

  it('ends as unreadable at once when the target wants to switch protocols', async () => {
    const server = await open(
      (wire) =>
        completeRequests(wire.received) > 0 &&
        wire.socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: upgrade\r\n\r\n'),
    );
    const { exchange } = await race(openGate(60_000), server.port);
    expect(exchange.reply).toMatchObject({ kind: 'broken', failure: 'unreadable' });
  });

  it('ends as unreachable when nothing listens, and is never released', async () => {
    const server = await rawServer(() => {});
    await server.close();
    const gate = openGate();
    const held = holdNext(gate);
    expect((await send(gate, server.port)).status).toBe(0);
    const exchange = await held.done;
    expect(exchange.reply).toMatchObject({ kind: 'broken', failure: 'unreachable' });
    expect(exchange.timing.releasedAtMs).toBeUndefined();
  });

  it.each(['auto', 'http1', 'http2'] as const)(
    'ends as unreachable (%s) when TLS cannot begin, and leaves no connection open',
    async (wire) => {
      const server = await open(() => {});
      const tls = { minVersion: 'TLSv0' };
      const gate = createGate({ now, timeoutMs: 2000, maxBodyBytes: 10_000, wire, tls });
      onTestFinished(() => gate.close());
      const held = holdNext(gate);
      const { port } = server;
      const request = https.request({ host: '127.0.0.1', port, agent: agentsOf(gate).httpsAgent });
      expect((await sendWhole(request)).status).toBe(0);
      expect((await held.done).reply).toMatchObject({ kind: 'broken', failure: 'unreachable' });
      await poll(() => server.wires.every(({ socket }) => socket.destroyed)).toBe(true);
    },
  );

  it('has a deadline that is counted from the release, not from staging', async () => {
    const server = await open(wellBehaved());
    const gate = openGate(150);
    const held = holdNext(gate);
    const answered = send(gate, server.port);
    const release = await held.staged;
    await sleep(300);
    release();
    expect((await answered).status).toBe(201);
  });

  it('ends as aborted when the gate is closed', async () => {
    const server = await open(() => {});
    const gate = openGate();
    const held = holdNext(gate);
    send(gate, server.port).catch(() => {});
    (await held.staged)();
    gate.close();
    expect((await held.done).reply).toMatchObject({ kind: 'broken', failure: 'aborted' });
  });
});

describe('before the release', () => {
  it('a connection that the target closed is replaced', async () => {
    const server = await open(wellBehaved());
    const gate = openGate();
    const held = holdNext(gate);
    const answered = send(gate, server.port);
    const release = await held.staged;
    server.wires[0]?.socket.destroy();
    await poll(() => server.wires.length).toBe(2);
    await poll(() => server.wires[1]?.received.length ?? 0).toBeGreaterThan(0);
    await sleep(20);
    expect(completeRequests(server.wires[1]?.received ?? '')).toBe(0);
    release();
    expect((await answered).status).toBe(201);
  });

  it('a connection on which the target answers 408 is replaced', async () => {
    const server = await open(wellBehaved());
    const staged: (() => void)[] = [];
    const withdrawn = vi.fn();
    const done = Promise.withResolvers<Exchange>();
    const gate = openGate();
    hold(gate, { staged: (release) => staged.push(release), withdrawn, done: done.resolve });
    const answered = send(gate, server.port);
    await poll(() => staged).toHaveLength(1);
    server.wires[0]?.socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    await poll(() => staged).toHaveLength(2);
    expect(withdrawn).toHaveBeenCalledOnce();
    staged[1]?.();
    expect((await answered).status).toBe(201);
    const { timing } = await done.promise;
    expect(timing.firstByteAtMs).toBeGreaterThan(timing.releasedAtMs ?? Infinity);
  });

  it('a target that always answers 408 gets no further connections in the end', async () => {
    const server = await open(({ socket }) => socket.write(answer(408, {})));
    const gate = openGate();
    const held = holdNext(gate);
    expect((await send(gate, server.port)).status).toBe(408);
    expect((await held.done).timing.releasedAtMs).toBeUndefined();
  });

  it('an answer that begins early counts as 0 ms in the engine, not as less', async () => {
    let begun = false;
    const server = await open(({ received, socket }) => {
      if (!begun) socket.write('HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n');
      begun = true;
      if (completeRequests(received) > 0) socket.write('{}');
    });
    const gate = openGate();
    const held = holdNext(gate);
    const request = http.request({
      host: '127.0.0.1',
      port: server.port,
      method: 'DELETE',
      agent: agentsOf(gate).httpAgent,
    });
    const timings = { phases: { firstByte: 12_345 } };
    // got sets the timings in a listener that comes first.
    request.prependListener('response', (response) => Object.assign(response, { timings }));
    const answered = sendWhole(request);
    const release = await held.staged;
    await sleep(50);
    release();
    expect((await answered).body).toBe('{}');
    expect(timings.phases.firstByte).toBe(0);
  });

  it('an early answer counts, and the connection is not used again', async () => {
    const answered = wellBehaved();
    let early = true;
    const server = await open((wire) => {
      if (early) wire.socket.write(answer(413, { message: 'too large' }));
      else answered(wire);
      early = false;
    });
    const gate = openGate();
    const held = holdNext(gate);
    expect((await send(gate, server.port)).status).toBe(413);
    const { timing, reply } = await held.done;
    expect(timing.releasedAtMs).toBeUndefined();
    expect(reply).toMatchObject({ kind: 'complete', status: 413 });
    (await held.staged)();
    expect((await send(gate, server.port)).status).toBe(201);
    expect(server.wires).toHaveLength(2);
  });
});

describe('a closed gate', () => {
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

it('both ends of a connection of the engine are closed after its request: Node keeps what is open for ever', async () => {
  const server = await open(wellBehaved());
  const ends: Duplex[] = [];
  const proxy = http.createServer((_, response) => response.end('{}'));
  const connected = (near: Duplex, far: Duplex) => {
    ends.push(near, far);
    proxy.emit('connection', far);
  };
  const agent = new BridgeAgent(false, connected, () => undefined);
  await sendWhole(http.request({ host: '127.0.0.1', port: server.port, agent }), undefined);
  await poll(() => ends.map(({ destroyed }) => destroyed)).toEqual([true, true]);
});
