import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadBack } from '../../../../model/index.ts';
import type { ReadBackSettings } from '../../config/index.ts';
import { type Connections, createConnections, UNHELD } from '../../gate/index.ts';
import { readBackReader } from '../../recording/index.ts';
import { harmlessRequest } from './harmless-request.ts';

/** How long to wait before the first repetition; doubled for each further one. */
const BACKOFF_MS = 200;

export interface ReadBackRequest {
  readonly when: ReadBack['when'];
  readonly settings: ReadBackSettings;
  /** Base URL of the target. */
  readonly target: string;
  /** The keys of inventories or of their parts: what is asked about. */
  readonly places: readonly string[];
  /** The headers of a contender, names and values in turn: who asks is signed in as one of them. */
  readonly rawHeaders: readonly string[];
  /** What `tls.connect` is told. */
  readonly tls: Readonly<Record<string, unknown>>;
  readonly wire: 'auto' | 'http1' | 'http2';
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /**
   * How many units the server must hold at a place, if it is right. One that holds fewer is asked again like one that
   * cannot be read: what it answers from may lag behind (a replica, a queue). Default: any number will do.
   */
  readonly leastUnits?: (place: string) => number;
}

/**
 * Asks the server who owns each inventory, one after the other. Bounded: each request has a timeout and a number of
 * retries. A server that has not answered at all, however often it was asked, is asked about the rest only once each: one
 * that hangs would hold up the verdict for minutes. Never throws; what cannot be read is said to be unreadable.
 */
export async function askServer(request: ReadBackRequest): Promise<ReadBack[]> {
  const { settings, places } = request;
  const { now, wire } = request;
  const connections = createConnections({ now, wire, timeoutMs: settings.timeoutMs, maxBodyBytes: 1 << 20 });
  const read = readBackReader(settings);
  try {
    // Before the race there is nothing that would have to settle.
    if (request.when === 'after') await sleep(settings.settleMs);
    const answers: ReadBack[] = [];
    let { retries } = settings;
    for (const place of places) {
      const { answer, isSilent } = await ask(request, connections, read, { place, retries });
      answers.push(answer);
      retries = isSilent ? 0 : settings.retries;
    }
    return answers;
  } finally {
    connections.close();
  }
}

/** @returns what it said, and whether it said nothing */
async function ask(
  request: ReadBackRequest,
  connections: Connections,
  read: ReturnType<typeof readBackReader>,
  { place, retries }: { readonly place: string; readonly retries: number },
): Promise<{ readonly answer: ReadBack; readonly isSilent: boolean }> {
  for (let attempt = 0; ; attempt++) {
    const { reply } = await connections.exchange(
      harmlessRequest({ ...request, path: request.settings.path, inventory: place }),
      UNHELD,
    );
    const answer = read(place, request.when, reply);
    const least = request.leastUnits?.(place) ?? 0;
    if ((answer.kind === 'read' && answer.units >= least) || attempt >= retries) {
      return { answer, isSilent: reply.kind === 'broken' };
    }
    await sleep(BACKOFF_MS * 2 ** attempt);
  }
}
