import { type Release, roundIn } from './release.ts';
import type { Connection, Segment } from './tcp.ts';

/** Enough of a request for its line. */
const REQUEST_LINE = 100;

/**
 * The releases of a run over HTTP/1.1: a request's release is its last client segment before its answer. Requests for
 * anything but a seat of the run (a rehearsal, the read-back) are passed over, and so are those without an answer.
 */
export function http1Releases(run: number, connections: readonly Connection[]): Release[] {
  return connections.flatMap((connection) => releasesOn(run, connection));
}

function releasesOn(run: number, connection: Connection): Release[] {
  const releases: Release[] = [];
  let begun = '';
  let last: Segment | undefined;
  for (const segment of connection) {
    if (segment.from === 'client') {
      begun = (begun + segment.payload.toString('latin1', 0, REQUEST_LINE)).slice(0, REQUEST_LINE);
      last = segment;
    } else if (last !== undefined) {
      // What follows an answer, until the next client segment, is the rest of that answer.
      const round = roundIn(begun.split('\r\n')[0] ?? '', run);
      if (round !== undefined) releases.push({ round, segment: last });
      begun = '';
      last = undefined;
    }
  }
  return releases;
}
