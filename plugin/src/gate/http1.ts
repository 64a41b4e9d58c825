import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import {
  brokenBy,
  type Exchange,
  type ExchangeTiming,
  type Holder,
  type OutgoingRequest,
  type Reply,
  ReplyError,
} from './exchange.ts';
import { type HeldSocket, heldSocketOf } from './held-socket.ts';

/** How often a connection that went away before the release is replaced. */
const MAX_RESTAGES = 3;

export interface WireOptions {
  /** Milliseconds on the run's monotonic clock. */
  readonly now: () => number;
  /** Deadline of the complete answer, in milliseconds from the release. */
  readonly timeoutMs: number;
  /** A larger answer is given up as unreadable. */
  readonly maxBodyBytes: number;
}

/** One contender's warm connection to the target over HTTP/1.1. */
export interface Connection {
  exchange(request: OutgoingRequest, holder: Holder): Promise<Exchange>;
  /** Ends the connection; an exchange under way ends as `aborted`. */
  close(): void;
}

/** A keep-alive connection that opens with the first exchange and is opened again when the target has closed it. */
export function openHttp1(options: WireOptions): Connection {
  const plain = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const secure = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const underWay = new Set<(error: ReplyError) => void>();
  return {
    exchange: (request, holder) =>
      new Promise((resolve) => {
        const stop = stageAndSend(request, request.secure ? secure : plain, holder, options, (exchange) => {
          underWay.delete(stop);
          holder.done(exchange);
          resolve(exchange);
        });
        underWay.add(stop);
      }),
    close() {
      for (const stop of underWay) stop(new ReplyError('aborted', 'the run was stopped'));
      plain.destroy();
      secure.destroy();
    },
  };
}

/**
 * Stages a request, hands its release to the holder, and reads the answer.
 *
 * @returns a function that ends it early
 */
function stageAndSend(
  request: OutgoingRequest,
  agent: http.Agent,
  holder: Holder,
  options: WireOptions,
  done: (exchange: Exchange) => void,
): (error: ReplyError) => void {
  const timing: { -readonly [K in keyof ExchangeTiming]?: ExchangeTiming[K] } = {};
  let restages = 0;
  let released = false;
  let finished = false;
  let current: http.ClientRequest | undefined;
  let socketInUse: Socket | undefined;
  let sendLast: (() => void) | undefined;
  let deadline: NodeJS.Timeout | undefined;

  const finish = (reply: Reply) => {
    if (finished) return;
    finished = true;
    clearTimeout(deadline);
    // A target that answered without waiting for the last byte would take it for the start of the next request.
    // The request may have handed its connection back by now, so it is the socket that is ended.
    if (timing.releasedAtMs === undefined) {
      current?.destroy();
      socketInUse?.destroy();
    }
    done({ request, timing: { ...timing, completedAtMs: options.now() }, reply });
  };

  const stop = (error: ReplyError) => {
    finish(brokenBy(error, true));
    current?.destroy();
  };

  const release = () => {
    released = true;
    if (finished || sendLast === undefined) return;
    sendLast();
    timing.releasedAtMs = options.now();
    deadline = setTimeout(
      () => stop(new ReplyError('timeout', `no answer within ${options.timeoutMs} ms`)),
      options.timeoutMs,
    );
  };

  const stage = () => {
    let connected = false;
    let answered = false;
    sendLast = undefined;
    const upstream = (request.secure ? https : http).request({
      ...request.tls,
      host: request.host,
      port: request.port,
      method: request.method,
      path: request.path,
      headers: request.rawHeaders,
      agent,
    });
    current = upstream;
    let held: HeldSocket;
    upstream.once('socket', (socket: Socket) => {
      socketInUse = socket;
      held = heldSocketOf(socket);
      held.hold();
      connected = !socket.connecting;
      if (connected) return;
      socket.once(request.secure ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
    });
    upstream.once('finish', () =>
      held.sendAllButLast(() => {
        if (finished || upstream.destroyed) return;
        sendLast = held.sendLast;
        const first = timing.stagedAtMs === undefined;
        timing.stagedAtMs = options.now();
        if (released) release();
        else if (first) holder.staged(release);
      }),
    );
    upstream.on('response', (response) => {
      answered = true;
      timing.firstByteAtMs = options.now();
      readReply(response, options.maxBodyBytes).then(finish, (error) => finish(brokenBy(error, true)));
    });
    upstream.on('error', (error) => {
      const gone = timing.releasedAtMs === undefined && connected && !answered && !(error instanceof ReplyError);
      if (gone && restages < MAX_RESTAGES) {
        restages += 1;
        stage();
      } else finish(brokenBy(error, connected));
    });
    upstream.end(request.body);
  };

  stage();
  return stop;
}

function readReply(response: http.IncomingMessage, maxBodyBytes: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > maxBodyBytes) {
        response.destroy(new ReplyError('unreadable', `the answer is larger than ${maxBodyBytes} bytes`));
      }
    });
    response.on('error', reject);
    response.on('end', () =>
      resolve({
        kind: 'complete',
        status: response.statusCode ?? 0,
        statusMessage: response.statusMessage ?? '',
        rawHeaders: response.rawHeaders,
        headers: response.headers,
        body: Buffer.concat(chunks),
      }),
    );
  });
}
