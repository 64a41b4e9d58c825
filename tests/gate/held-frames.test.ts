import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setImmediate as written } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldFrames } from '../../plugin/src/gate/held-frames.ts';
import { cut, frame } from '../support/http2-frames.ts';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const [DATA, HEADERS, RST_STREAM, WINDOW_UPDATE] = [0, 1, 3, 8];

/** The stream below a session, and what it sent. */
function openWire() {
  const sent: Buffer[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      sent.push(chunk);
      done();
    },
  });
  const wire = new HeldFrames(socket);
  return {
    wire,
    sent: () => Buffer.concat(sent),
    takeAll: (streams: readonly number[]) => wire.takeFrames(streams).bytes,
  };
}

const head = frame(HEADERS, 4, 1, 20);
const first = frame(DATA, 0, 1, 30);
const last = frame(DATA, 1, 1, 1);
const others = [frame(HEADERS, 4, 3, 12), frame(DATA, 1, 3, 7), frame(WINDOW_UPDATE, 0, 0, 4)];

describe('the final frame of a stream', () => {
  it('is kept until it is taken, and everything else passes in order, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 200 })), async (cuts) => {
        const { wire, sent, takeAll } = openWire();
        wire.write(Buffer.concat([PREFACE, head, first]));
        let complete = 0;
        wire.hold(1, () => complete++);
        for (const bytes of cut(Buffer.concat([last, ...others]), cuts)) wire.write(bytes);
        await written();
        expect(complete).toBe(1);
        expect(sent()).toEqual(Buffer.concat([PREFACE, head, first, ...others]));
        expect(Buffer.from(takeAll([1]))).toEqual(last);
        expect(takeAll([1])).toHaveLength(0);
      }),
    );
  });

  it('may be two frames: one with the last byte and one with the end', async () => {
    const { wire, takeAll } = openWire();
    wire.write(Buffer.concat([PREFACE, head]));
    const complete = new Promise<void>((resolve) => wire.hold(1, resolve));
    const both = [frame(DATA, 0, 1, 1), frame(DATA, 1, 1, 0)];
    for (const bytes of both) wire.write(bytes);
    await complete;
    expect(Buffer.from(takeAll([1]))).toEqual(Buffer.concat(both));
  });

  it('leaves in one piece with the frames of the other streams', async () => {
    const { wire, takeAll } = openWire();
    wire.write(PREFACE);
    const frames = [1, 3, 5].map((stream) => frame(DATA, 1, stream, 1));
    for (const stream of [1, 3, 5]) wire.hold(stream, () => {});
    wire.write(Buffer.concat(frames));
    await written();
    expect(Buffer.from(takeAll([5, 1]))).toEqual(Buffer.concat([frames[2] ?? PREFACE, frames[0] ?? PREFACE]));
  });

  it('is never sent once the stream is reset or forgotten', async () => {
    const { wire, sent, takeAll } = openWire();
    wire.write(PREFACE);
    for (const stream of [1, 3]) wire.hold(stream, () => {});
    const reset = frame(RST_STREAM, 0, 1, 4);
    wire.write(Buffer.concat([last, frame(DATA, 1, 3, 1), reset]));
    await written();
    wire.forget(3);
    expect(takeAll([1, 3])).toHaveLength(0);
    expect(sent()).toEqual(Buffer.concat([PREFACE, reset]));
  });

  it('is never sent if the target answered without it; the stream is reset once instead', async () => {
    const { wire, sent, takeAll } = openWire();
    wire.write(PREFACE);
    for (const stream of [1, 3]) wire.hold(stream, () => {});
    wire.write(last);
    await written();
    wire.answered(1);
    // The frame of stream 3 is not here yet.
    wire.answered(3);
    for (const stream of [1, 3]) wire.forget(stream);
    wire.write(frame(DATA, 1, 3, 1));
    await written();
    for (const stream of [1, 3]) wire.answered(stream);
    expect(takeAll([1, 3])).toHaveLength(0);
    const resets = [1, 3].map((stream) => [0, 0, 4, RST_STREAM, 0, 0, 0, 0, stream, 0, 0, 0, 8]);
    expect(sent()).toEqual(Buffer.concat([PREFACE, ...resets.map((bytes) => Buffer.from(bytes))]));
  });

  it('does not pass if the stream is forgotten in the middle of it', async () => {
    const { wire, sent } = openWire();
    wire.write(PREFACE);
    wire.hold(1, () => {});
    wire.write(last.subarray(0, 9));
    await written();
    wire.forget(1);
    wire.write(last.subarray(9));
    wire.write(head);
    await written();
    expect(sent()).toEqual(Buffer.concat([PREFACE, head]));
  });

  it('counts as held from when it is whole until it is taken, or the stream is reset or answered', async () => {
    const { wire } = openWire();
    wire.write(PREFACE);
    const held = () => [1, 3, 5].map((stream) => wire.holds(stream));
    for (const stream of [1, 3, 5]) wire.hold(stream, () => {});
    expect(held()).toEqual([false, false, false]);
    wire.write(Buffer.concat([1, 3, 5].map((stream) => frame(DATA, 1, stream, 1))));
    await written();
    expect(held()).toEqual([true, true, true]);
    wire.takeFrames([1]);
    wire.write(frame(RST_STREAM, 0, 3, 4));
    wire.answered(5);
    await written();
    expect(held()).toEqual([false, false, false]);
  });

  it('is not sent on a connection that is gone', async () => {
    const { wire, sent } = openWire();
    wire.write(PREFACE);
    wire.hold(1, () => {});
    wire.write(last);
    await written();
    const { bytes, send } = wire.takeFrames([1]);
    wire.destroy();
    await once(wire, 'close');
    send(bytes);
    expect(sent()).toEqual(PREFACE);
  });
});
