import type { Packet } from './pcap.ts';

/** One segment with new bytes from one side of a connection. */
export interface Segment {
  readonly atUs: number;
  readonly from: 'client' | 'server';
  /** The new bytes, as many as were captured. */
  readonly payload: Buffer;
  /** The number of new bytes on the wire. */
  readonly length: number;
}

/** One TCP connection to the server: the segments with data, in the order of the capture. */
export type Connection = readonly Segment[];

const ETHERNET_HEADER = 14;
const IPV4 = 0x0800;
const TCP = 6;
const SYN = 0x02;
const ACK = 0x10;

/**
 * The connections to a port of the server. Leaves out segments without new data: handshakes, pure ACKs, retransmissions and
 * probes.
 */
export function connectionsTo(port: number, packets: readonly Packet[]): Connection[] {
  const all: Segment[][] = [];
  // By the address of the client. An address may be reused; a SYN starts a new connection.
  const open = new Map<string, { segments: Segment[]; next: { client?: number; server?: number } }>();
  for (const packet of packets) {
    const tcp = readTcp(packet);
    if (tcp === undefined || (tcp.to.port !== port && tcp.from.port !== port)) continue;
    const from = tcp.to.port === port ? 'client' : 'server';
    const { host, port: clientPort } = from === 'client' ? tcp.from : tcp.to;
    const client = `${host}:${clientPort}`;
    let connection = open.get(client);
    const opens = (tcp.flags & (SYN | ACK)) === SYN && connection?.next.client !== (tcp.sequence + 1) >>> 0;
    if (connection === undefined || opens) {
      connection = { segments: [], next: {} };
      open.set(client, connection);
      all.push(connection.segments);
    }
    const { next } = connection;
    if (tcp.flags & SYN) {
      next[from] = (tcp.sequence + 1) >>> 0;
      continue;
    }
    // Sequence numbers wrap around, so only differences count. Without a SYN (the capture began later), the data begins with
    // the first segment.
    const repeated = ((next[from] ?? tcp.sequence) - tcp.sequence) | 0;
    const length = tcp.length - Math.max(0, repeated);
    if (tcp.length === 0 || length <= 0) continue;
    next[from] = (tcp.sequence + tcp.length) >>> 0;
    connection.segments.push({ atUs: packet.atUs, from, payload: tcp.payload.subarray(Math.max(0, repeated)), length });
  }
  return all.filter((segments) => segments.length > 0);
}

interface Address {
  readonly host: string;
  readonly port: number;
}

interface TcpPacket {
  readonly from: Address;
  readonly to: Address;
  readonly sequence: number;
  readonly flags: number;
  readonly payload: Buffer;
  readonly length: number;
}

/** Undefined when the packet is not TCP over IPv4, or too little of it was captured. */
function readTcp({ bytes }: Packet): TcpPacket | undefined {
  if (bytes.length < ETHERNET_HEADER + 20 || bytes.readUInt16BE(12) !== IPV4) return undefined;
  const ip = bytes.subarray(ETHERNET_HEADER);
  const ipHeader = (ip.readUInt8(0) & 0x0f) * 4;
  const tcp = ip.subarray(ipHeader);
  if (ip.readUInt8(9) !== TCP || tcp.length < 20) return undefined;
  const tcpHeader = (tcp.readUInt8(12) >> 4) * 4;
  // From the length in the IP header: captured packets are padded when short and cut when long.
  const length = ip.readUInt16BE(2) - ipHeader - tcpHeader;
  return {
    from: { host: ip.subarray(12, 16).join('.'), port: tcp.readUInt16BE(0) },
    to: { host: ip.subarray(16, 20).join('.'), port: tcp.readUInt16BE(2) },
    sequence: tcp.readUInt32BE(4),
    flags: tcp.readUInt8(13),
    payload: tcp.subarray(tcpHeader, tcpHeader + length),
    length,
  };
}
