import { type Release, roundIn } from './release.ts';
import type { Connection, Segment } from './tcp.ts';

// RFC 9113: the client preface, and the parts of a frame that matter here.
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const FRAME_HEADER = 9;
const DATA = 0x0;
const END_STREAM = 0x1;

/**
 * The releases of a run over HTTP/2 without TLS. A request is released by the segment with the end of the final DATA frame.
 * The seat in the body tells the round, because the path is compressed. Needs a capture of whole segments.
 */
export function http2Releases(run: number, connections: readonly Connection[]): Release[] {
  return connections.flatMap((connection) =>
    releasesIn(
      run,
      connection.filter((segment) => segment.from === 'client'),
    ),
  );
}

function releasesIn(run: number, segments: readonly Segment[]): Release[] {
  const releases: Release[] = [];
  const bodies = new Map<number, string>();
  let unread: Buffer = Buffer.alloc(0);
  let prefaced = false;
  for (const segment of segments) {
    unread = Buffer.concat([unread, segment.payload]);
    if (!prefaced) {
      if (unread.length < PREFACE.length) continue;
      if (!unread.subarray(0, PREFACE.length).equals(PREFACE)) return [];
      unread = unread.subarray(PREFACE.length);
      prefaced = true;
    }
    while (unread.length >= FRAME_HEADER) {
      const end = FRAME_HEADER + unread.readUIntBE(0, 3);
      if (unread.length < end) break;
      const [type, flags, stream] = [unread.readUInt8(3), unread.readUInt8(4), unread.readUInt32BE(5) & 0x7fffffff];
      if (type === DATA) {
        const body = (bodies.get(stream) ?? '') + unread.toString('latin1', FRAME_HEADER, end);
        bodies.set(stream, body);
        const round = flags & END_STREAM ? roundIn(body, run) : undefined;
        if (round !== undefined) releases.push({ round, segment });
      }
      unread = unread.subarray(end);
    }
  }
  return releases;
}
