import { DEMO_TOKEN } from '../../reference-api/demo.ts';
import { LOCKS } from '../../reference-api/locks/index.ts';
import { createServer, type ServerOptions } from '../../reference-api/server.ts';
import type { Seat } from '../../reference-api/stores/store.ts';
import type { Work } from '../../reference-api/strategy.ts';

export interface Answer {
  readonly status: number;
  /** An empty object when the answer has no body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A running API, with the calls that the tests make. */
export interface Api {
  readonly origin: string;
  /** Sends a request below `/orders`, with the token of the demo. */
  send(method: string, path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Orders seats. */
  book(...seatIds: string[]): Promise<Answer>;
  readSeat(seatId: string): Promise<Seat>;
  readSeats(): Promise<readonly Seat[]>;
  close(): Promise<void>;
}

/** Starts the API in this process, on a free port. */
export async function startApi(options: ServerOptions = {}): Promise<Api> {
  const app = await createServer(options);
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const send: Api['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${origin}/orders${path}`, {
      method,
      headers: {
        authorization: `Bearer ${DEMO_TOKEN}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
  };
  return {
    origin,
    send,
    book: (...seatIds) => send('POST', '', orderOf(...seatIds)),
    readSeat: async (seatId) => (await send('GET', `/seats/${seatId}`)).body as unknown as Seat,
    readSeats: async () => (await send('GET', '/seats')).body.seats as readonly Seat[],
    close: () => app.close(),
  };
}

/** A lock on SQLite, by its name. */
export function withLock(name: string): ServerOptions {
  const lock = LOCKS.sqlite[name];
  if (lock === undefined) throw new Error(`no lock ${name}`);
  return { lock };
}

/** The body of an order. */
export const orderOf = (...seatIds: string[]) => ({
  event_id: 'e',
  session_id: 's',
  seat_ids: seatIds,
  organization_id: 'o',
});

/** Work that finishes for nobody until `count` orders have begun it, so all of them have checked before anybody writes. */
export function workTogether(count: number): Work {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  return () => {
    begun += 1;
    if (begun === count) resolve();
    return promise;
  };
}

export const noWork: Work = async () => {};

/** Sends requests from `size` contenders at once; each is told its number from 0. */
export const crowd = <Result>(size: number, request: (number: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: size }, (_, number) => request(number)));

export const countStatus = (answers: readonly Answer[], ...statuses: number[]): number =>
  answers.filter(({ status }) => statuses.includes(status)).length;
