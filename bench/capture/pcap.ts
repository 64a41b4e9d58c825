/** One packet of a capture. */
export interface Packet {
  /** Microseconds since the first packet of the capture. */
  readonly atUs: number;
  /** The captured bytes from the link layer up, cut to the snapshot length of the capture. */
  readonly bytes: Buffer;
}

/** Packets cannot be captured, or a capture cannot be used. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
}

const FILE_HEADER = 24;
const PACKET_HEADER = 16;
const ETHERNET = 1;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;

/**
 * Reads a file from `tcpdump -w`. The format is classic pcap, IETF draft-ietf-opsawg-pcap. Leaves out a last packet that is
 * incomplete, because tcpdump may be stopped while it writes.
 *
 * @throws CaptureError when it is not a pcap file, or not of Ethernet (the loopback of Linux counts as Ethernet)
 */
export function readPcap(file: Buffer): Packet[] {
  const isLittle = file.length >= FILE_HEADER && [MICROSECONDS, NANOSECONDS].includes(file.readUInt32LE(0));
  const word = (at: number) => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const magic = file.length >= FILE_HEADER ? word(0) : 0;
  if (magic !== MICROSECONDS && magic !== NANOSECONDS) throw new CaptureError('not a pcap file');
  const linkType = word(20) & 0xffff;
  if (linkType !== ETHERNET) throw new CaptureError(`link type ${linkType}: only Ethernet and the loopback of Linux`);
  const unitsPerUs = magic === NANOSECONDS ? 1000 : 1;

  const packets: Packet[] = [];
  let start: number | undefined;
  for (let at = FILE_HEADER; at + PACKET_HEADER <= file.length; ) {
    const seconds = word(at);
    const end = at + PACKET_HEADER + word(at + 8);
    if (end > file.length) break;
    // Relative to the second of the first packet: a double cannot hold nanoseconds since 1970.
    start ??= seconds;
    packets.push({
      atUs: (seconds - start) * 1e6 + word(at + 4) / unitsPerUs,
      bytes: file.subarray(at + PACKET_HEADER, end),
    });
    at = end;
  }
  const firstAtUs = packets[0]?.atUs ?? 0;
  return packets.map((packet) => ({ ...packet, atUs: packet.atUs - firstAtUs }));
}
