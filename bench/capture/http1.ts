import { type Release, roundIn } from './release.ts';
import type { Connection, Segment } from './tcp.ts';

/** This many characters contain the whole request line. */
const REQUEST_LINE = 100;

/**
 * The releases of a run over HTTP/1.1. A request is released by the last client segment before the answer. Ignores requests
 * that are not for a seat of the run (the rehearsal, the read-back), and requests without an answer.
 */
export function http1Releases(run: number, connections: readonly Connection[]): Release[] {
  return connections.flatMap((connection) => releasesOn(run, connection));
}

function releasesOn(run: number, connection: Connection): Release[] {
  const releases: Release[] = [];
  let start = '';
  let last: Segment | undefined;
  for (const segment of connection) {
    if (segment.from === 'client') {
      start = (start + segment.payload.toString('latin1', 0, REQUEST_LINE)).slice(0, REQUEST_LINE);
      last = segment;
    } else if (last !== undefined) {
      // Server segments up to the next client segment are the rest of this answer.
      const round = roundIn(start.split('\r\n')[0] ?? '', run);
      if (round !== undefined) releases.push({ round, segment: last });
      start = '';
      last = undefined;
    }
  }
  return releases;
}
