import { once } from 'node:events';
import http from 'node:http';
import http2, { type ServerHttp2Stream } from 'node:http2';
import net, { type AddressInfo, type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import { watchEnds } from '../../plugin/src/gate/http2-ends.ts';
import { type Frame, frameReader } from '../../plugin/src/gate/http2-frames.ts';
import { createGate, type Exchange } from '../../plugin/src/gate/index.ts';
import { sendWhole } from '../support/engine.ts';
import { cut } from '../support/http2-frames.ts';
import { fuzz } from './support/fuzz.ts';
import { cuts, mutated } from './support/mutated.ts';

function frame(type: number, flags: number, stream: number, payload: string | Buffer = ''): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(9), Buffer.from(payload as string)]);
  bytes.writeUIntBE(bytes.length - 9, 0, 3);
  bytes.set([type, flags], 3);
  bytes.writeUInt32BE(stream, 5);
  return bytes;
}

const [END_STREAM, END_HEADERS, PADDED] = [1, 4, 8];
const SETTINGS = frame(4, 0, 0, Buffer.from([0, 3, 0, 0, 0, 100]));
const SETTINGS_ACK = frame(4, 1, 0);
/** HPACK: `:status: 201`, `content-type: text/css`, without an index. */
const HEAD = Buffer.from('\x08\x03201\x0f\x10\x08text/css', 'latin1');
const HEADERS = frame(1, END_HEADERS, 1, HEAD);
const FRAMES = [
  HEADERS,
  frame(1, END_HEADERS + END_STREAM, 1, HEAD),
  frame(1, END_HEADERS, 3, HEAD),
  frame(1, 0, 1, HEAD.subarray(0, 5)),
  frame(9, END_HEADERS, 1, HEAD.subarray(5)),
  frame(0, 0, 1, 'some of the body'),
  frame(0, END_STREAM, 1, 'the rest of it'),
  frame(0, END_STREAM + PADDED, 1, Buffer.from('\x05body\0\0\0\0\0')),
  frame(0, PADDED, 1, Buffer.from('\xffbody')),
  frame(3, 0, 1, Buffer.from([0, 0, 0, 0])),
  frame(3, 0, 1, Buffer.from([0, 0, 0, 7])),
  frame(4, 0, 0, Buffer.from([0, 4, 0xff, 0xff, 0xff, 0xff])),
  frame(4, 0, 0, Buffer.from([0, 5, 0, 0, 0, 1])),
  frame(5, END_HEADERS, 1, Buffer.concat([Buffer.from([0, 0, 0, 2]), HEAD])),
  frame(6, 0, 0, 'eightbyt'),
  frame(7, 0, 0, Buffer.from([0, 0, 0, 0, 0, 0, 0, 2])),
  frame(7, 0, 0, Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])),
  frame(8, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff])),
  frame(8, 0, 1, Buffer.from([0, 0, 0, 0])),
  frame(0x77, 0xff, 0x7fff_ffff, 'of no known type'),
];
const ANSWER = Buffer.concat([SETTINGS, SETTINGS_ACK, HEADERS, frame(0, END_STREAM, 1, '{"order_id":"1"}')]);
const TOKENS = [...FRAMES, Buffer.from([0xff, 0xff, 0xff]), Buffer.from([0, 0, 0]), 'HTTP/1.1 400 Bad Request\r\n\r\n'];
const anyFrames = fc
  .array(fc.constantFrom(...FRAMES), { maxLength: 8 })
  .map((some) => Buffer.concat([SETTINGS, ...some]));
const bytes = fc.oneof(
  mutated([ANSWER], TOKENS),
  anyFrames,
  anyFrames.chain((all) => mutated([all], TOKENS)),
);

/** What a reader finds in the bytes, if they are cut there. */
function found(all: Buffer, at: readonly number[]) {
  const frames: Frame[] = [];
  const pieces: Buffer[] = [];
  let lasts = 0;
  const read = frameReader((one, piece, { isFirst, isLast }) => {
    if (isFirst) frames.push(one);
    if (isLast) lasts++;
    pieces.push(Buffer.from(piece));
  });
  for (const piece of cut(all, at)) read(piece);
  return { frames, lasts, bytes: Buffer.concat(pieces) };
}

fuzz(
  'the same frames are found wherever the bytes are cut, and no byte of them is lost',
  fc.tuple(bytes, cuts),
  ([all, at]) => {
    const inPieces = found(all, at);
    expect(inPieces).toEqual(found(all, []));
    // All but the beginning of the header of a next frame, which is not known yet.
    expect(all.length - inPieces.bytes.length).toBeLessThan(9);
    expect(inPieces.bytes.equals(all.subarray(0, inPieces.bytes.length))).toBe(true);
    expect(inPieces.frames.length - inPieces.lasts).toBeOneOf([0, 1]);
  },
  1 / 6,
);

/** What a server does with a stream. */
interface Handling {
  readonly chunks: readonly number[];
  readonly end: 'end' | 'trailers' | 'reset';
}
/** Six of them fit into the window of a connection: where it is full, a server of Node resets a stream instead of ending it. */
const handling: fc.Arbitrary<Handling> = fc.record({
  chunks: fc.array(fc.nat({ max: 3_000 }), { maxLength: 3 }),
  end: fc.constantFrom('end', 'trailers', 'reset'),
});

function handle(stream: ServerHttp2Stream, { chunks, end }: Handling): void {
  stream.on('error', () => {});
  stream.respond({ ':status': 200 }, { waitForTrailers: end === 'trailers' });
  stream.on('wantTrailers', () => stream.sendTrailers({ x: 'y' }));
  for (const size of chunks) stream.write(Buffer.alloc(size, '\0\0\0\0\x01\0\0\0\x09'));
  // `close` would end it first.
  if (end === 'reset') stream.destroy(new Error('of no answer'));
  else stream.end();
}

fuzz(
  'an answer has ended where nghttp2 says so',
  fc.tuple(fc.array(handling, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 40_000 })),
  async ([handlings, pieceBytes]) => {
    const [near, far] = duplexPair();
    const ends = watchEnds(() => {});
    near.on('data', (data: Buffer) => {
      for (let at = 0; at < data.length; at += pieceBytes) ends.read(data.subarray(at, at + pieceBytes));
    });
    const session = http2.performServerHandshake(far);
    session.on('stream', (stream, headers) =>
      handle(stream, handlings[Number(headers[':path']?.slice(1))] as Handling),
    );
    session.on('error', () => {});
    const client = http2.connect('http://x.test', { createConnection: () => near });
    const isEnded = await Promise.all(
      handlings.map(async (_, index) => {
        const stream = client.request({ ':path': `/${index}` });
        stream.on('error', () => {}).resume();
        await new Promise((resolve) => stream.once('close', resolve));
        return ends.take(stream.id);
      }),
    );
    client.destroy();
    session.destroy();
    expect(isEnded).toEqual(handlings.map(({ end }) => end !== 'reset'));
  },
  1 / 3,
);

let current: { readonly all: Buffer; readonly at: readonly number[] } = { all: ANSWER, at: [] };
const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  // The head of the request has come: the preface, the settings, and more.
  let size = 0;
  socket.once('data', () => socket.write(SETTINGS));
  socket.on('data', (data) => {
    const before = size;
    size += data.length;
    if (before < 100 && size >= 100) void play(socket);
  });
});

async function play(socket: Socket): Promise<void> {
  const { all, at } = current;
  for (const piece of cut(all, at)) {
    socket.write(piece);
    if (at.length > 0) await new Promise(setImmediate);
    if (socket.destroyed) return;
  }
  // Time for an answer to what it sent, such as its settings.
  await new Promise(setImmediate);
  socket.end();
}

let port = 0;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

const MAX_BODY = 8_000;

fuzz(
  'whatever a target sends over HTTP/2, a held request ends',
  fc.record({ all: bytes, at: cuts }),
  async (input) => {
    current = input;
    const gate = createGate({ now: () => performance.now(), timeoutMs: 2_000, maxBodyBytes: MAX_BODY, wire: 'http2' });
    const done = Promise.withResolvers<Exchange>();
    const { httpAgent } = gate.hold({ staged: (release) => release(), done: done.resolve });
    const request = http.request({ host: '127.0.0.1', port, method: 'POST', path: '/orders', agent: httpAgent });
    const given = await sendWhole(request, '{"seat":1}');
    const { reply } = await done.promise;
    gate.close();
    if (reply.kind === 'complete') expect(given).toMatchObject({ status: reply.status, body: reply.body.toString() });
    if (reply.kind !== 'broken') expect(reply.body.length).toBeLessThanOrEqual(MAX_BODY);
  },
  1 / 2,
);
