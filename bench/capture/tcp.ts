import type { Packet } from './pcap.ts';

/** New bytes of one side of a connection, in one segment. */
export interface Segment {
  readonly atUs: number;
  readonly from: 'client' | 'server';
  /** The new bytes, as far as they were captured. */
  readonly payload: Buffer;
  /** How many new bytes there were on the wire. */
  readonly length: number;
}

/** One TCP connection to the server: its segments with data, in the order in which they were captured. */
export type Connection = readonly Segment[];

const ETHERNET_HEADER = 14;
const IPV4 = 0x0800;
const TCP = 6;
const SYN = 0x02;
const ACK = 0x10;

/** The connections to a server's port, without what carries no new data: handshakes, pure ACKs, retransmissions, probes. */
export function connectionsTo(port: number, packets: readonly Packet[]): Connection[] {
  const all: Segment[][] = [];
  // By the client's port. A port may be used again; a new connection begins with a SYN.
  const open = new Map<number, { segments: Segment[]; next: { client?: number; server?: number } }>();
  for (const packet of packets) {
    const its = readTcp(packet);
    if (its === undefined || (its.to !== port && its.from !== port)) continue;
    const from = its.to === port ? 'client' : 'server';
    const client = from === 'client' ? its.from : its.to;
    let connection = open.get(client);
    const opens = (its.flags & (SYN | ACK)) === SYN && connection?.next.client !== (its.sequence + 1) >>> 0;
    if (connection === undefined || opens) {
      connection = { segments: [], next: {} };
      open.set(client, connection);
      all.push(connection.segments);
    }
    const { next } = connection;
    if (its.flags & SYN) {
      next[from] = (its.sequence + 1) >>> 0;
      continue;
    }
    // Sequence numbers wrap around, so it is their difference that counts. Without a SYN (the capture began later), the
    // first segment seen is where the data begins.
    const known = ((next[from] ?? its.sequence) - its.sequence) | 0;
    const length = its.length - Math.max(0, known);
    if (its.length === 0 || length <= 0) continue;
    next[from] = (its.sequence + its.length) >>> 0;
    connection.segments.push({ atUs: packet.atUs, from, payload: its.payload.subarray(Math.max(0, known)), length });
  }
  return all.filter((segments) => segments.length > 0);
}

interface TcpPacket {
  readonly from: number;
  readonly to: number;
  readonly sequence: number;
  readonly flags: number;
  readonly payload: Buffer;
  readonly length: number;
}

/** Undefined for what is not TCP over IPv4, or was captured too short to tell. */
function readTcp({ bytes }: Packet): TcpPacket | undefined {
  if (bytes.length < ETHERNET_HEADER + 20 || bytes.readUInt16BE(12) !== IPV4) return undefined;
  const ip = bytes.subarray(ETHERNET_HEADER);
  const ipHeader = (ip.readUInt8(0) & 0x0f) * 4;
  const tcp = ip.subarray(ipHeader);
  if (ip.readUInt8(9) !== TCP || tcp.length < 20) return undefined;
  const tcpHeader = (tcp.readUInt8(12) >> 4) * 4;
  // The total length of the IP packet, not what was captured: short packets are padded, long ones cut.
  const length = ip.readUInt16BE(2) - ipHeader - tcpHeader;
  return {
    from: tcp.readUInt16BE(0),
    to: tcp.readUInt16BE(2),
    sequence: tcp.readUInt32BE(4),
    flags: tcp.readUInt8(13),
    payload: tcp.subarray(tcpHeader, tcpHeader + length),
    length,
  };
}
