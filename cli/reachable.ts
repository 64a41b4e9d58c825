import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { addressOf, connectFailure, deadTarget, failureOf } from '../plugin/src/artillery/shared/connect-failure.ts';
import { serverNameOf, tlsOptionsOf } from '../plugin/src/artillery/shared/tls.ts';
import { InputError, publicUrl } from '../plugin/src/config/index.ts';

/** A target, and what a TLS connection to it needs. */
export interface Destination {
  readonly target: string;
  /** Where its URL is written, for people. */
  readonly where: string;
  /** `config.tls`, if any. */
  readonly tls: unknown;
  readonly scenarioFile: string;
}

/**
 * Connects to the target, with a TLS handshake for https. Each may take 5 s. No request is sent.
 *
 * @throws InputError if there is no connection; ConfigError if a file of `config.tls` cannot be read
 */
export async function checkReachable(destination: Destination, signal: AbortSignal): Promise<void> {
  const { target, where, tls } = destination;
  const refusal = await connectFailure(target, signal);
  if (refusal !== undefined) {
    throw new InputError(deadTarget(publicUrl(target), refusal, where));
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

async function tlsFailure(
  { target, tls, scenarioFile }: Destination,
  signal: AbortSignal,
): Promise<string | undefined> {
  const options: ConnectionOptions = tlsOptionsOf({ config: { tls: tls as never }, _scriptPath: scenarioFile });
  const open = () => {
    const address = addressOf(target);
    return connectTls({ ...address, ...serverNameOf(address.host), ALPNProtocols: ['h2', 'http/1.1'], ...options });
  };
  return failureOf(open, 'secureConnect', signal);
}
