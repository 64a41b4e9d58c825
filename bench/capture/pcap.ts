/** One packet of a capture. */
export interface Packet {
  /** Microseconds since the first packet of the capture. */
  readonly atUs: number;
  /** What was captured of it: link layer and up, cut to the capture's snapshot length. */
  readonly bytes: Buffer;
}

export class CaptureError extends Error {
  override readonly name = 'CaptureError';
}

const FILE_HEADER = 24;
const PACKET_HEADER = 16;
const ETHERNET = 1;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;

/**
 * Reads a file that `tcpdump -w` wrote. Source: the classic pcap format, IETF draft-ietf-opsawg-pcap. A last packet that
 * was cut off is left out: tcpdump may have been stopped while it wrote.
 *
 * @throws CaptureError for what is not such a file, or was not captured on Ethernet (the loopback of Linux looks like one)
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
    // Counted from the first packet's second: a double does not hold nanoseconds since 1970.
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
