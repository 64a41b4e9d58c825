import fs from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { isMapping } from '../../../../model/json.ts';
import { ConfigError } from '../../config/index.ts';
import type { ArtilleryScript } from './artillery.ts';
import { racedStepsOf } from './raced-steps.ts';

/** Node's names for TLS options, and those of Artillery's HTTP client (got), which refuses the others. */
const NAMES_IN_GOT: Readonly<Record<string, string>> = {
  ca: 'certificateAuthority',
  cert: 'certificate',
  crl: 'certificateRevocationLists',
  servername: 'serverName',
  sessionTimeout: 'tlsSessionLifetime',
  sigalgs: 'signatureAlgorithms',
};

const NAMES_IN_NODE: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(NAMES_IN_GOT).map(([node, got]) => [got, node]),
);

const FILES = new Set(['ca', 'cert', 'key', 'pfx']);

/** Options for `tls.connect`. */
export type TlsOptions = Readonly<Record<string, unknown>>;

/**
 * Reads `config.tls`, with the names of Node or of Artillery's HTTP client. In the authority, the certificate, the key and pfx,
 * a value is a text, or the path of a file relative to the script.
 *
 * @throws ConfigError if a file cannot be read
 */
export function tlsOptionsOf(script: ArtilleryScript): TlsOptions {
  return forNode(script.config.tls, path.dirname(script._scriptPath ?? '.'), 'config.tls');
}

/**
 * The options of the requests that the plugin asks by itself: those of `config.tls`, and the `https` of the first raced
 * request that has one, as a client certificate may be written there.
 *
 * @throws ConfigError if a file cannot be read
 */
export function tlsForQuestions(script: ArtilleryScript): TlsOptions {
  const raced = (script.scenarios ?? []).flatMap(({ flow }) => racedStepsOf(flow));
  const https = raced.find((request) => request.https !== undefined)?.https;
  return { ...forNode(https, path.dirname(script._scriptPath ?? '.'), 'https'), ...tlsOptionsOf(script) };
}

function forNode(options: unknown, folder: string, where: string): TlsOptions {
  if (!isMapping(options)) return {};
  return Object.fromEntries(
    Object.entries(options).map(([written, value]) => {
      const name = NAMES_IN_NODE[written] ?? written;
      const isPath =
        FILES.has(name) && typeof value === 'string' && !value.includes('\n') && !value.includes('-----BEGIN');
      if (isPath) return [name, readFile(folder, `${where}.${written}`, value)];
      // The HTTP client calls the content of a PFX otherwise.
      return [name, name === 'pfx' && Array.isArray(value) ? value.map(pfxForNode) : value];
    }),
  );
}

const pfxForNode = (pfx: unknown): unknown =>
  isMapping(pfx) && 'buffer' in pfx ? { buf: pfx.buffer, passphrase: pfx.passphrase } : pfx;

function readFile(folder: string, where: string, file: string): Buffer {
  try {
    return fs.readFileSync(path.resolve(folder, file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `there is no such file in ${path.resolve(folder)}` : message;
    throw new ConfigError({
      path: where,
      problem: `cannot read ${file}: ${why}`,
      fix: 'the path is relative to the script',
    });
  }
}

/** The same options for Artillery's engine: it uses them for requests that do not race, and hands them to the gate. */
export function tlsForEngine(options: TlsOptions): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [NAMES_IN_GOT[name] ?? name, value]));
}

/** The name by which a server chooses its certificate. An IP address is not a name (RFC 6066, section 3). */
export const serverNameOf = (host: string): { readonly servername?: string } =>
  isIP(host) === 0 ? { servername: host } : {};
