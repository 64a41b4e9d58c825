import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { hostOf } from '../plugin/src/artillery/shared/harmless-request.ts';
import { serverNameOf, tlsOptionsOf } from '../plugin/src/artillery/shared/tls.ts';
import { publicUrl, renderEnv } from '../plugin/src/config/index.ts';
import { makeFolder } from '../plugin/src/reporting/make-folder.ts';
import { createSignIn, SignInError } from '../processors/sign-in.mts';
import { signInSettings } from '../processors/sign-in-settings.mts';
import { InputError } from './input-error.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Makes the output folder, and tries it: a race cannot be run again just because its report could not be written.
 *
 * @throws InputError where nothing can be written to it
 */
export async function checkOutputFolder(folder: string): Promise<void> {
  const probe = join(folder, `.probe-${randomUUID()}`);
  try {
    makeFolder(folder);
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    throw new InputError(`cannot write to the output folder ${folder} (${reasonOf(error)}): set ORDER_OUTPUT_DIR`);
  }
}

/** Where a connection is tried, and with what. */
export interface Destination {
  readonly target: string;
  readonly environment: string;
  /** `config.tls`, if any. */
  readonly tls: unknown;
  readonly scenarioFile: string;
}

/**
 * Whether anything listens at the target: a TCP connection, a TLS handshake where it speaks that, at most 5 s, and nothing is
 * sent.
 *
 * @throws InputError where nothing does
 */
export async function checkReachable(
  { target, environment, tls, scenarioFile }: Destination,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(target);
  const { protocol, port } = url;
  const host = hostOf(url);
  const address = { host, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
  const refused = await failureOf(() => connect(address), 'connect', signal);
  if (refused !== undefined) {
    throw new InputError(
      `nothing answers at ${publicUrl(target)}: ${refused}. Is the API up? ` +
        `(ORDER_BASE_URL, or ${environment}.target in scenarios/environments.yml)`,
    );
  }
  // What Artillery itself fills in (`{{ $dirname }}`) is not known here.
  if (protocol !== 'https:' || /{{/.test(JSON.stringify(tls ?? {}))) return;
  const distrusted = await failureOf(
    () => {
      const options: ConnectionOptions = tlsOptionsOf({ config: { tls: tls as never }, _scriptPath: scenarioFile });
      return connectTls({ ...address, ...serverNameOf(host), ALPNProtocols: ['h2', 'http/1.1'], ...options });
    },
    'secureConnect',
    signal,
  );
  if (distrusted === undefined) return;
  throw new InputError(
    `no TLS connection to ${publicUrl(target)}: ${distrusted}. ` +
      'Say in config.tls of the environment whom to trust (ca), and who you are (cert, key)',
  );
}

/** What a sign-in before the race needs to know. */
export interface SignInCheck {
  /** The merged `config` of the scenario. */
  readonly config: { readonly variables?: { readonly signIn?: unknown } };
  readonly scenarioFile: string;
  readonly target: string;
  readonly contenders: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * Whether the virtual users will be let in: the first one's sign-in, where the scenario signs in at all. A given token is
 * taken as it is: only the target can tell whether it is good.
 *
 * @throws InputError where the sign-in is refused
 */
export async function checkSignIn({
  config,
  scenarioFile,
  target,
  contenders,
  env,
  signal,
}: SignInCheck): Promise<void> {
  try {
    const signIn = createSignIn(
      signInSettings({
        signIn: config.variables?.signIn,
        token: env.ORDER_TOKEN,
        target,
        scenarioFile,
        render: (text) => renderEnv(text, env),
      }),
      { vus: contenders },
    );
    await Promise.race([signIn.tokenFor(1), aborted(signal)]);
  } catch (error) {
    throw error instanceof SignInError ? new InputError(error.message) : error;
  }
}

/** Ends when the signal does; never before. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Why a connection does not come about. */
function failureOf(
  open: () => Socket,
  opened: 'connect' | 'secureConnect',
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
      socket.once(opened, () => conclude(undefined));
      socket.once('error', (error) => conclude(reasonOf(error)));
      signal.addEventListener('abort', () => conclude('interrupted'), { once: true });
    } catch (error) {
      resolve(reasonOf(error));
    }
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'no answer',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left',
  ENOTDIR: 'not a folder',
  EEXIST: 'a file of that name is in the way',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/CERT|SIGNATURE|^ENOENT|^ERR_(TLS|SSL|OSSL)/.test(code) && error instanceof Error)
    return error.message.split('\n')[0] ?? code;
  return REASONS[code] ?? (code || String(error));
}
