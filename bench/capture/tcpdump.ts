import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodeOf, killOnExit } from '../processes.ts';
import { http1Releases } from './http1.ts';
import { http2Releases } from './http2.ts';
import { CaptureError, readPcap } from './pcap.ts';
import { type CapturedRound, capturedRounds } from './release.ts';
import { connectionsTo } from './tcp.ts';

/** What to capture. */
export interface CaptureRequest {
  readonly port: number;
  readonly wire: 'http1' | 'http2';
  readonly run: number;
  /** Where to listen; default: the loopback. */
  readonly at?: Listening;
  /** A folder for the capture file, which is removed once it has been read. */
  readonly dir: string;
}

/** A network device, and the command that starts programs where it is. */
export interface Listening {
  readonly device: string;
  readonly within: readonly string[];
}

export interface Capture {
  /** Ends the capture and reads it. @throws CaptureError when the kernel dropped packets */
  stop(): Promise<CapturedRound[]>;
}

const START_MS = 10_000;
/** The kernel passes packets to tcpdump in blocks, the last block after at most a second. */
const DRAIN_MS = 1300;
/** Bytes to capture of each packet. HTTP/1.1 needs the request line, HTTP/2 every frame. */
const SNAPSHOT_BYTES = { http1: 160, http2: 65_535 } as const;

/** Explains to people why this machine cannot capture packets. Undefined when it can. */
export function captureProblem(): string | undefined {
  const { error, stderr, status } = spawnSync('tcpdump', ['-i', 'lo', '-c', '1', '-n', '-d', 'tcp'], {
    encoding: 'utf8',
    timeout: START_MS,
  });
  if (error !== undefined) return `tcpdump does not start (${error.message}); on Debian: apt-get install tcpdump`;
  // -d opens the interface to learn the link type, so it needs the same permission as a capture.
  if (status !== 0) {
    return `tcpdump may not capture on lo: run this as root, or give it CAP_NET_RAW.\n${stderr.trim()}`;
  }
  return undefined;
}

const LOOPBACK: Listening = { device: 'lo', within: [] };

/** Starts a capture. It captures from the moment this resolves. */
export async function startCapture(request: CaptureRequest): Promise<Capture> {
  const file = path.join(request.dir, `${request.run}.pcap`);
  // tcpdump may drop privileges before it opens a file, but it can always write to a file that is already open.
  const captureFile = fs.openSync(file, 'w');
  const { device, within } = request.at ?? LOOPBACK;
  const [command = 'tcpdump', ...args] = [
    ...[...within, 'tcpdump', '-i', device, '-n', '-s', String(SNAPSHOT_BYTES[request.wire]), '-B', '65536'],
    ...['--time-stamp-precision=nano', '-w', '-', `tcp port ${request.port}`],
  ];
  const child = killOnExit(spawn(command, args, { stdio: ['ignore', captureFile, 'pipe'] }));
  fs.closeSync(captureFile);
  const exited = exitCodeOf(child);
  let output = '';
  const listening = new Promise<void>((resolve) => {
    child.stderr?.on('data', (data) => {
      output += data;
      if (output.includes('listening on')) resolve();
    });
  });
  await Promise.race([listening, exited, sleep(START_MS, undefined, { ref: false })]);
  if (!output.includes('listening on')) {
    child.kill('SIGKILL');
    throw new CaptureError(`tcpdump did not begin: ${output.trim()}`);
  }

  return {
    async stop() {
      await sleep(DRAIN_MS);
      child.kill('SIGINT');
      await exited;
      const dropped = Number(/(\d+) packets? dropped by kernel/.exec(output)?.[1] ?? 0);
      const bytes = fs.readFileSync(file);
      fs.rmSync(file);
      if (dropped > 0) throw new CaptureError(`the kernel dropped ${dropped} packets`);
      const connections = connectionsTo(request.port, readPcap(bytes));
      const releases = request.wire === 'http1' ? http1Releases : http2Releases;
      return capturedRounds(releases(request.run, connections));
    },
  };
}
