import fs from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { ConfigError } from '../../config/index.ts';
import type { ArtilleryScript } from './artillery.ts';

/** The options of `config.tls`, and their names in Artillery's HTTP client (got), which rejects Node's names. */
const NAMES_IN_GOT = {
  ca: 'certificateAuthority',
  cert: 'certificate',
  key: 'key',
  pfx: 'pfx',
  passphrase: 'passphrase',
  rejectUnauthorized: 'rejectUnauthorized',
} as const;

const FILES = new Set(['ca', 'cert', 'key', 'pfx']);

/** Options for `tls.connect`. */
export type TlsOptions = Readonly<Record<string, unknown>>;

/**
 * Reads `config.tls`. In ca, cert, key and pfx, a value is a text, or the path of a file relative to the script.
 *
 * @throws ConfigError if a file cannot be read
 */
export function tlsOptionsOf(script: ArtilleryScript): TlsOptions {
  const folder = path.dirname(script._scriptPath ?? '.');
  return Object.fromEntries(
    Object.entries(script.config.tls ?? {}).map(([name, value]) => {
      const isPath =
        FILES.has(name) && typeof value === 'string' && !value.includes('\n') && !value.includes('-----BEGIN');
      return [name, isPath ? readFile(folder, name, value) : value];
    }),
  );
}

function readFile(folder: string, name: string, file: string): Buffer {
  try {
    return fs.readFileSync(path.resolve(folder, file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `there is no such file in ${path.resolve(folder)}` : message;
    throw new ConfigError({
      path: `config.tls.${name}`,
      problem: `cannot read ${file}: ${why}`,
      fix: 'the path is relative to the script',
    });
  }
}

/** The same options for Artillery's engine: it uses them for requests that do not race, and hands them to the gate. */
export function tlsForEngine(options: TlsOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => {
      // Only the gate needs the server's name: got takes it from the URL.
      if (name === 'servername') return [];
      return [[NAMES_IN_GOT[name as keyof typeof NAMES_IN_GOT] ?? name, value]];
    }),
  );
}

/** The name by which a server chooses its certificate. An IP address is not a name (RFC 6066, section 3). */
export const serverNameOf = (host: string): { readonly servername?: string } =>
  isIP(host) === 0 ? { servername: host } : {};
