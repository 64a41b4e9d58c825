import type http from 'node:http';
import { type Gate, type Holder, TICKET_HEADER } from '../../plugin/src/gate/index.ts';

/** The ticket of the next request through each gate. */
const tickets = new WeakMap<Gate, string>();

/** Makes the holder hold the next request that goes through the gate. */
export const hold = (gate: Gate, holder: Holder) => tickets.set(gate, gate.hold(holder));

/** The header that the next request needs. */
export function ticketOf(gate: Gate): Record<string, string> {
  const ticket = tickets.get(gate);
  tickets.delete(gate);
  return ticket === undefined ? {} : { [TICKET_HEADER]: ticket };
}

/** An answer as the HTTP engine gets it. */
export interface Answer {
  /** 0 where the connection broke, at once or in the middle of the answer. */
  readonly status: number;
  /** The error that broke it. */
  readonly error?: NodeJS.ErrnoException;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request as the HTTP engine would, and returns the whole answer. */
export function sendWhole(request: http.ClientRequest, body?: string): Promise<Answer> {
  return new Promise((resolve) => {
    const broke = (error: Error) => resolve({ status: 0, headers: {}, body: '', error });
    request.on('error', broke).on('response', (response) => {
      response.on('error', broke);
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.end(body);
  });
}
