import { describe, expect, it } from 'vitest';
import { http1Releases } from '../../bench/capture/http1.ts';
import { http2Releases } from '../../bench/capture/http2.ts';
import { readPcap } from '../../bench/capture/pcap.ts';
import { type CapturedRound, capturedRounds } from '../../bench/capture/release.ts';
import { connectionsTo } from '../../bench/capture/tcp.ts';
import { ACK, frame, packet, pcap, SERVER, SYN } from './packets.ts';

type Spec = Parameters<typeof packet>[0];

const connections = (...specs: Spec[]) => connectionsTo(SERVER, specs.map(packet));
const http1Rounds = (run: number, ...specs: Spec[]): CapturedRound[] =>
  capturedRounds(http1Releases(run, connections(...specs)));
const http2Rounds = (run: number, ...specs: Spec[]): CapturedRound[] =>
  capturedRounds(http2Releases(run, connections(...specs)));

const request = (run: number, round: number) => `POST /book/r${run}-${round} HTTP/1.1\r\nhost: a\r\n\r\n{"a":1`;

describe('readPcap', () => {
  const packets = [packet({ atUs: 0, data: 'a' }), packet({ atUs: 1_000_250.5, data: 'bb' })];

  it('reads times and bytes in either byte order, in nanoseconds', () => {
    for (const isLittle of [true, false]) expect(readPcap(pcap(packets, { isLittle }))).toEqual(packets);
  });

  it('reads times in microseconds', () => {
    const times = readPcap(pcap(packets, { isNano: false })).map(({ atUs }) => atUs);
    expect(times).toEqual([0, 1_000_251]);
  });

  it('counts from the first packet, in fractions of a microsecond', () => {
    const later = [packet({ atUs: 999_999.25 }), packet({ atUs: 1_000_000.75 })];
    expect(readPcap(pcap(later)).map(({ atUs }) => atUs)).toEqual([0, 1.5]);
  });

  it('leaves out an incomplete last packet', () => {
    const file = pcap(packets);
    expect(readPcap(file.subarray(0, -1))).toHaveLength(1);
    expect(readPcap(file.subarray(0, 30))).toHaveLength(0);
  });

  it('rejects anything but a capture of Ethernet', () => {
    expect(() => readPcap(Buffer.from('GET / HTTP/1.1\r\n\r\nno capture'))).toThrow('not a pcap file');
    expect(() => readPcap(Buffer.alloc(0))).toThrow('not a pcap file');
    expect(() => readPcap(pcap([], { linkType: 113 }))).toThrow('link type 113');
  });
});

describe('connectionsTo', () => {
  it('keeps segments with new data, with their length on the wire', () => {
    const [connection] = connections(
      { atUs: 0, sequence: 99, flags: SYN },
      { atUs: 1, from: 'server', sequence: 499, flags: SYN | ACK },
      { atUs: 2, sequence: 100 },
      { atUs: 3, sequence: 100, data: 'hello world', captured: 5 },
      { atUs: 4, from: 'server', sequence: 500, data: 'hi' },
      { atUs: 5, sequence: 111 },
    );
    expect(connection).toEqual([
      { atUs: 3, from: 'client', payload: Buffer.from('hello'), length: 11 },
      { atUs: 4, from: 'server', payload: Buffer.from('hi'), length: 2 },
    ]);
  });

  it('leaves out retransmissions and keep-alive probes', () => {
    const [connection] = connections(
      { atUs: 1, sequence: 100, data: 'abc' },
      { atUs: 2, sequence: 100, data: 'abc' },
      { atUs: 3, sequence: 102, data: 'c' },
      { atUs: 4, sequence: 103, data: 'd' },
    );
    expect(connection?.map((segment) => segment.payload.toString())).toEqual(['abc', 'd']);
  });

  it('keeps only the new bytes of a segment that also repeats old ones', () => {
    const [connection] = connections({ atUs: 1, sequence: 100, data: 'abc' }, { atUs: 2, sequence: 101, data: 'bcde' });
    expect(connection?.[1]).toEqual({ atUs: 2, from: 'client', payload: Buffer.from('de'), length: 2 });
  });

  it('follows sequence numbers when they wrap around', () => {
    const [connection] = connections(
      { atUs: 1, sequence: 0xffff_fffe, data: 'abc' },
      { atUs: 2, sequence: 1, data: 'd' },
      { atUs: 3, sequence: 0xffff_fffe, data: 'abc' },
    );
    expect(connection?.map((segment) => segment.payload.toString())).toEqual(['abc', 'd']);
  });

  it('starts a new connection when a port is reused, but not when a SYN is repeated', () => {
    const both = connections(
      { atUs: 0, sequence: 9, flags: SYN },
      { atUs: 1, sequence: 9, flags: SYN },
      { atUs: 2, sequence: 10, data: 'a' },
      { atUs: 3, sequence: 7_000, flags: SYN },
      { atUs: 4, sequence: 7_001, data: 'b' },
    );
    expect(both.map((segments) => segments.map((segment) => segment.payload.toString()))).toEqual([['a'], ['b']]);
  });

  it('ignores other ports, and packets that are not TCP over IPv4', () => {
    const other = packet({ atUs: 1, data: 'a' });
    other.bytes.writeUInt16BE(81, 36);
    const ipv6 = packet({ atUs: 1, data: 'a' });
    ipv6.bytes.writeUInt16BE(0x86dd, 12);
    const udp = packet({ atUs: 1, data: 'a' });
    udp.bytes.writeUInt8(17, 23);
    expect(connectionsTo(SERVER, [other, ipv6, udp, { atUs: 2, bytes: Buffer.alloc(3) }])).toEqual([]);
  });
});

describe('http1Releases', () => {
  const answer = 'HTTP/1.1 409 Conflict\r\n\r\n';

  it('takes the last client segment before the answer, on each connection', () => {
    const text = request(7, 1);
    const both = [40_000, 40_001].flatMap((client, index): Spec[] => [
      { atUs: 10, client, sequence: 1, data: text },
      { atUs: 1000 + 300 * index, client, sequence: 1 + text.length, data: '}' },
      { atUs: 2000, client, from: 'server', data: answer },
      { atUs: 2001, client, from: 'server', sequence: 1 + answer.length, data: 'more of it' },
    ]);
    expect(http1Rounds(7, ...both)).toEqual([
      { round: 1, requests: 2, spreadMs: 0.3, offsetsMs: [0, 0.3], segments: 2, bytes: 2 },
    ]);
  });

  it('accepts a request in one segment, and takes the round from the seat, not from the order of the requests', () => {
    const [a, b] = [request(7, 2), request(7, 1)];
    const rounds = http1Rounds(
      7,
      { atUs: 1, sequence: 1, data: a },
      { atUs: 2, from: 'server', sequence: 1, data: answer },
      { atUs: 3, sequence: 1 + a.length, data: b },
      { atUs: 4, from: 'server', sequence: 1 + answer.length, data: answer },
    );
    expect(rounds.map(({ round, requests }) => [round, requests])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('reads a request line that arrives in pieces', () => {
    const rounds = http1Rounds(
      7,
      { atUs: 1, sequence: 1, data: 'POST /bo' },
      { atUs: 2, sequence: 9, data: 'ok/r7-3 HTTP/1.1\r\n\r\n' },
      { atUs: 3, from: 'server', data: answer },
    );
    expect(rounds.map(({ round }) => round)).toEqual([3]);
  });

  it('ignores other runs, other requests, and requests without an answer', () => {
    const rounds = http1Rounds(
      7,
      { atUs: 1, client: 1, data: request(77, 1) },
      { atUs: 2, client: 1, from: 'server', data: answer },
      { atUs: 3, client: 2, data: 'GET /seats HTTP/1.1\r\nreferer: /book/r7-1\r\n\r\n' },
      { atUs: 4, client: 2, from: 'server', data: answer },
      { atUs: 5, client: 3, data: request(7, 1) },
    );
    expect(rounds).toEqual([]);
  });
});

describe('http2Releases', () => {
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const headers = (stream: number) => frame(1, 4, stream, 'compressed');
  const bodyOf = (stream: number, round: number) => frame(0, 0, stream, `{"seat":"r7-${round}"`);
  const last = (stream: number) => frame(0, 1, stream, '}');

  it('finds the segment with the final frames of all streams', () => {
    const staged = Buffer.concat([preface, ...[1, 3, 5].flatMap((stream) => [headers(stream), bodyOf(stream, 1)])]);
    const final = Buffer.concat([1, 3, 5].map(last));
    const rounds = http2Rounds(
      7,
      { atUs: 1, sequence: 1, data: staged },
      { atUs: 500, sequence: 1 + staged.length, data: final },
      { atUs: 900, from: 'server', data: 'whatever' },
    );
    expect(rounds).toEqual([{ round: 1, requests: 3, spreadMs: 0, offsetsMs: [0, 0, 0], segments: 1, bytes: 30 }]);
  });

  it('joins frames that are split over segments, and measures how far apart they end', () => {
    const all = Buffer.concat([preface, headers(1), bodyOf(1, 2), headers(3), bodyOf(3, 2), last(1), last(3)]);
    const cuts = [0, 10, 30, all.length - 15, all.length - 4, all.length];
    const specs = cuts.slice(1).map((end, index): Spec => {
      const begin = cuts[index] ?? 0;
      return { atUs: 100 * (index + 1), sequence: 1 + begin, data: all.subarray(begin, end) };
    });
    expect(http2Rounds(7, ...specs)).toEqual([
      { round: 2, requests: 2, spreadMs: 0.1, offsetsMs: [0, 0.1], segments: 2, bytes: 15 },
    ]);
  });

  it('ignores other runs, streams without a seat, and connections with another protocol', () => {
    const data = Buffer.concat([preface, frame(1, 5, 1, 'a GET'), frame(0, 1, 3, '{"seat":"r77-1"}'), last(5)]);
    const rounds = http2Rounds(
      7,
      { atUs: 1, client: 1, data },
      { atUs: 2, client: 2, data: 'POST /book/r7-1 HTTP/1.1\r\n\r\n{"seat":"r7-1"}' },
    );
    expect(rounds).toEqual([]);
  });
});
