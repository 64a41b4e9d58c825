import { type Release, roundIn } from './release.ts';
import type { Connection, Segment } from './tcp.ts';

// RFC 9113: the client's preface, and the parts of a frame that matter here.
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const FRAME_HEADER = 9;
const DATA = 0x0;
const END_STREAM = 0x1;

/**
 * The releases of a run over HTTP/2 without TLS: a request's release is the segment with the end of its final DATA frame.
 * Its round is told by the seat in its body, because the path is compressed. Needs a capture of whole segments.
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
  let rest: Buffer = Buffer.alloc(0);
  let prefaced = false;
  for (const segment of segments) {
    rest = Buffer.concat([rest, segment.payload]);
    if (!prefaced) {
      if (rest.length < PREFACE.length) continue;
      if (!rest.subarray(0, PREFACE.length).equals(PREFACE)) return [];
      rest = rest.subarray(PREFACE.length);
      prefaced = true;
    }
    while (rest.length >= FRAME_HEADER) {
      const end = FRAME_HEADER + rest.readUIntBE(0, 3);
      if (rest.length < end) break;
      const [type, flags, stream] = [rest.readUInt8(3), rest.readUInt8(4), rest.readUInt32BE(5) & 0x7fffffff];
      if (type === DATA) {
        const body = (bodies.get(stream) ?? '') + rest.toString('latin1', FRAME_HEADER, end);
        bodies.set(stream, body);
        const round = flags & END_STREAM ? roundIn(body, run) : undefined;
        if (round !== undefined) releases.push({ round, segment });
      }
      rest = rest.subarray(end);
    }
  }
  return releases;
}
