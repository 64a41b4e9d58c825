import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadBackSettings } from '../config/index.ts';
import { type Connection, createConnections, type OutgoingRequest, UNHELD } from '../gate/index.ts';
import type { Inventory, ReadBack } from '../model/index.ts';
import { readBackReader } from '../recording/index.ts';

/** How long to wait before the first repetition; doubled for each further one. */
const BACKOFF_MS = 200;

export interface ReadBackRequest {
  readonly settings: ReadBackSettings;
  /** Base URL of the target. */
  readonly target: string;
  readonly inventories: readonly Inventory[];
  /** The headers of a contender, names and values in turn: who asks is signed in as one of them. */
  readonly rawHeaders: readonly string[];
  /** What `tls.connect` is told. */
  readonly tls: Readonly<Record<string, unknown>>;
  readonly wire: 'auto' | 'http1' | 'http2';
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
}

/**
 * Asks the server who owns each inventory, one after the other. Bounded: each request has a timeout and a number of
 * retries. Never throws; what cannot be read is said to be unreadable.
 */
export async function askServer(request: ReadBackRequest): Promise<ReadBack[]> {
  const { settings, inventories } = request;
  const { now, wire } = request;
  const connections = createConnections({ now, wire, timeoutMs: settings.timeoutMs, maxBodyBytes: 1 << 20 });
  const connection = connections.open();
  const read = readBackReader(settings);
  try {
    await sleep(settings.settleMs);
    const answers: ReadBack[] = [];
    for (const { key } of inventories) answers.push(await askOnce(request, connection, read, key));
    return answers;
  } finally {
    connection.close();
    connections.close();
  }
}

async function askOnce(
  request: ReadBackRequest,
  connection: Connection,
  read: ReturnType<typeof readBackReader>,
  inventory: string,
): Promise<ReadBack> {
  for (let attempt = 0; ; attempt++) {
    const { reply } = await connection.exchange(requestFor(request, inventory), UNHELD);
    const answer = read(inventory, reply);
    if (answer.kind === 'read' || attempt >= request.settings.retries) return answer;
    await sleep(BACKOFF_MS * 2 ** attempt);
  }
}

function requestFor({ settings, target, rawHeaders, tls }: ReadBackRequest, inventory: string): OutgoingRequest {
  const url = new URL(target + settings.path.replace(/\{\w+\}/, encodeURIComponent(inventory)));
  const secure = url.protocol === 'https:';
  return {
    secure,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 443 : 80)),
    method: 'GET',
    path: url.pathname + url.search,
    rawHeaders: ['Host', url.host, ...withoutBodyHeaders(rawHeaders)],
    headers: { host: url.host },
    body: Buffer.alloc(0),
    tls: secure ? { servername: url.hostname, ...tls } : {},
  };
}

/** The contender's headers, without those that speak of its body or its host. */
function withoutBodyHeaders(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name, value] = [rawHeaders[i] ?? '', rawHeaders[i + 1] ?? ''];
    if (!/^(content-|host$|idempotency-)/i.test(name)) kept.push(name, value);
  }
  return kept;
}
