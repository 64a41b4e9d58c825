import type { Packet } from '../../bench/capture/pcap.ts';

// Small builders that make captures byte by byte.

export const SERVER = 8099;

export const SYN = 0x02;
export const ACK = 0x10;

interface PacketSpec {
  readonly atUs: number;
  /** The port of the client. The port of the server is always {@link SERVER}. */
  readonly client?: number;
  readonly from?: 'client' | 'server';
  readonly sequence?: number;
  readonly flags?: number;
  readonly data?: string | Buffer;
  /** How many bytes of the data were captured. The header has the full length. */
  readonly captured?: number;
}

/** An Ethernet frame with TCP over IPv4, with the 12 bytes of TCP options that Linux sends. */
export function packet(spec: PacketSpec): Packet {
  const { atUs, client = 40_000, from = 'client', sequence = 1, flags = ACK } = spec;
  const data = Buffer.from(spec.data ?? '');
  const ethernet = Buffer.alloc(14);
  ethernet.writeUInt16BE(0x0800, 12);
  const ip = Buffer.alloc(20);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(20 + 32 + data.length, 2);
  ip.writeUInt8(6, 9);
  const tcp = Buffer.alloc(32);
  tcp.writeUInt16BE(from === 'client' ? client : SERVER, 0);
  tcp.writeUInt16BE(from === 'client' ? SERVER : client, 2);
  tcp.writeUInt32BE(sequence >>> 0, 4);
  tcp.writeUInt8(8 << 4, 12);
  tcp.writeUInt8(flags, 13);
  return { atUs, bytes: Buffer.concat([ethernet, ip, tcp, data.subarray(0, spec.captured)]) };
}

/** A pcap file of these packets. */
export function pcap(
  packets: readonly Packet[],
  { isLittle = true, isNano = true, linkType = 1, startS = 1_700_000_000 } = {},
): Buffer {
  const words = (...values: number[]) => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, index) => {
      if (isLittle) bytes.writeUInt32LE(value, index * 4);
      else bytes.writeUInt32BE(value, index * 4);
    });
    return bytes;
  };
  // Version 2.4 is two 16-bit numbers, so their order depends on the byte order too.
  const version = isLittle ? 0x0004_0002 : 0x0002_0004;
  return Buffer.concat([
    words(isNano ? 0xa1b23c4d : 0xa1b2c3d4, version, 0, 0, 65_535, linkType),
    ...packets.flatMap(({ atUs, bytes }) => [
      words(
        startS + Math.floor(atUs / 1e6),
        Math.round((atUs % 1e6) * (isNano ? 1000 : 1)),
        bytes.length,
        bytes.length + 100,
      ),
      bytes,
    ]),
  ]);
}

/** One frame of HTTP/2. */
export function frame(type: number, flags: number, stream: number, payload: string): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, Buffer.from(payload)]);
}
