import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { hostOf } from '../plugin/src/artillery/shared/harmless-request.ts';
import { serverNameOf, tlsOptionsOf } from '../plugin/src/artillery/shared/tls.ts';
import { InputError, publicUrl } from '../plugin/src/config/index.ts';
import { failureReason } from './failure-reason.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** A target, and what a TLS connection to it needs. */
export interface Destination {
  readonly target: string;
  readonly environment: string;
  /** `config.tls`, if any. */
  readonly tls: unknown;
  readonly scenarioFile: string;
}

/**
 * Connects to the target, with a TLS handshake for https. Each may take 5 s. No request is sent.
 *
 * @throws InputError if there is no connection
 */
export async function checkReachable(destination: Destination, signal: AbortSignal): Promise<void> {
  const { target, environment, tls } = destination;
  const refusal = await connectFailure(target, signal);
  if (refusal !== undefined) {
    throw new InputError(
      `nothing answers at ${publicUrl(target)}: ${refusal}. Is the API up? ` +
        `(ORDER_BASE_URL, or ${environment}.target in scenarios/environments.yml)`,
    );
  }
  // We do not know what Artillery puts into its own templates, such as `{{ $dirname }}`.
  if (new URL(target).protocol !== 'https:' || /{{/.test(JSON.stringify(tls ?? {}))) return;
  const distrust = await tlsFailure(destination, signal);
  if (distrust !== undefined) {
    throw new InputError(
      `no TLS connection to ${publicUrl(target)}: ${distrust}. ` +
        'Set config.tls of the environment: ca is the authority to trust, cert and key are for a client certificate',
    );
  }
}

function connectFailure(target: string, signal: AbortSignal): Promise<string | undefined> {
  return failureOf(() => connect(addressOf(target)), 'connect', signal);
}

function tlsFailure({ target, tls, scenarioFile }: Destination, signal: AbortSignal): Promise<string | undefined> {
  const open = () => {
    const address = addressOf(target);
    const options: ConnectionOptions = tlsOptionsOf({ config: { tls: tls as never }, _scriptPath: scenarioFile });
    return connectTls({ ...address, ...serverNameOf(address.host), ALPNProtocols: ['h2', 'http/1.1'], ...options });
  };
  return failureOf(open, 'secureConnect', signal);
}

function addressOf(target: string): { readonly host: string; readonly port: number } {
  const url = new URL(target);
  return { host: hostOf(url), port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) };
}

/** Opens a connection and closes it again. Returns why that failed, or undefined. */
function failureOf(
  open: () => Socket,
  openedEvent: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      const socket = open();
      const conclude = (reason: string | undefined) => {
        resolve(reason);
        socket.destroy();
      };
      socket.setTimeout(CONNECT_TIMEOUT_MS, () => conclude(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`));
      socket.once(openedEvent, () => conclude(undefined));
      socket.once('error', (error) => conclude(failureReason(error)));
      signal.addEventListener('abort', () => conclude('interrupted'), { once: true });
    } catch (error) {
      resolve(failureReason(error));
    }
  });
}
