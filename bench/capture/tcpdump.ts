import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, keep } from '../processes.ts';
import { http1Releases } from './http1.ts';
import { http2Releases } from './http2.ts';
import { CaptureError, readPcap } from './pcap.ts';
import { type CapturedRound, capturedRounds } from './release.ts';
import { connectionsTo } from './tcp.ts';

/** What is captured, and how it is read. */
export interface CaptureRequest {
  readonly port: number;
  readonly wire: 'http1' | 'http2';
  readonly run: number;
  /** A folder for the capture's file, which is removed once it is read. */
  readonly dir: string;
}

export interface Capture {
  /** Ends the capture and reads it. @throws CaptureError where the kernel dropped packets */
  stop(): Promise<CapturedRound[]>;
}

const START_MS = 10_000;
/** The kernel hands packets to tcpdump in blocks, the last one after a second at the latest. */
const DRAIN_MS = 1300;
/** The request line of HTTP/1.1; of HTTP/2, every frame has to be read. */
const SNAPSHOT = { http1: 160, http2: 65_535 } as const;

/** Why packets cannot be captured here, in words for people; undefined where they can. */
export function captureProblem(): string | undefined {
  const { error, stderr, status } = spawnSync('tcpdump', ['-i', 'lo', '-c', '1', '-n', '-d', 'tcp'], {
    encoding: 'utf8',
    timeout: START_MS,
  });
  if (error !== undefined) return `tcpdump does not start (${error.message}); on Debian: apt-get install tcpdump`;
  // -d opens the interface to learn its link type, and so needs the same right as a capture.
  if (status !== 0) {
    return `tcpdump may not capture on lo: run this as root, or give it CAP_NET_RAW.\n${stderr.trim()}`;
  }
  return undefined;
}

/** Captures on the loopback from when it resolves until it is stopped. */
export async function startCapture(request: CaptureRequest): Promise<Capture> {
  const file = path.join(request.dir, `${request.run}.pcap`);
  // tcpdump may give up its rights before it opens a file; one that it was given open it can always write.
  const output = fs.openSync(file, 'w');
  const child = keep(
    spawn(
      'tcpdump',
      [
        ...['-i', 'lo', '-n', '-s', String(SNAPSHOT[request.wire]), '-B', '65536'],
        ...['--time-stamp-precision=nano', '-w', '-', `tcp port ${request.port}`],
      ],
      { stdio: ['ignore', output, 'pipe'] },
    ),
  );
  fs.closeSync(output);
  const over = ended(child);
  let said = '';
  const listening = new Promise<void>((resolve) => {
    child.stderr?.on('data', (data) => {
      said += data;
      if (said.includes('listening on')) resolve();
    });
  });
  await Promise.race([listening, over, sleep(START_MS, undefined, { ref: false })]);
  if (!said.includes('listening on')) {
    child.kill('SIGKILL');
    throw new CaptureError(`tcpdump did not begin: ${said.trim()}`);
  }

  return {
    async stop() {
      await sleep(DRAIN_MS);
      child.kill('SIGINT');
      await over;
      const dropped = Number(/(\d+) packets? dropped by kernel/.exec(said)?.[1] ?? 0);
      const bytes = fs.readFileSync(file);
      fs.rmSync(file);
      if (dropped > 0) throw new CaptureError(`the kernel dropped ${dropped} packets`);
      const connections = connectionsTo(request.port, readPcap(bytes));
      const releases = request.wire === 'http1' ? http1Releases : http2Releases;
      return capturedRounds(releases(request.run, connections));
    },
  };
}
