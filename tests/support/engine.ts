import type http from 'node:http';
import { type Agents, type Gate, type Holder, UNHELD } from '../../plugin/src/gate/index.ts';

/** The agents for the next request through each gate. */
const agents = new WeakMap<Gate, Agents>();

/** Makes the holder hold the next request that goes through the gate. */
export const hold = (gate: Gate, holder: Holder) => agents.set(gate, gate.hold(holder));

/** The agents for the next request, and its redirects. */
export function agentsOf(gate: Gate): Agents {
  const next = agents.get(gate) ?? gate.hold(UNHELD);
  agents.delete(gate);
  return next;
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
