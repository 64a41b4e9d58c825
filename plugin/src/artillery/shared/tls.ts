import fs from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import type { ArtilleryScript } from './artillery.ts';

/** Options of `config.tls`, and what Artillery's HTTP client (got) calls them; it refuses the names of Node. */
const NAMES_IN_GOT = {
  ca: 'certificateAuthority',
  cert: 'certificate',
  key: 'key',
  pfx: 'pfx',
  passphrase: 'passphrase',
  rejectUnauthorized: 'rejectUnauthorized',
} as const;

const FILES = new Set(['ca', 'cert', 'key', 'pfx']);

/** `config.tls`, as `tls.connect` takes it. */
export type TlsOptions = Readonly<Record<string, unknown>>;

/**
 * Reads `config.tls`: ca, cert, key and pfx may be given as text or as the path of a file, relative to the script.
 *
 * @throws the error of the file system for a path that cannot be read
 */
export function tlsOptionsOf(script: ArtilleryScript): TlsOptions {
  const folder = path.dirname(script._scriptPath ?? '.');
  return Object.fromEntries(
    Object.entries(script.config.tls ?? {}).map(([name, value]) => {
      const isPath =
        FILES.has(name) && typeof value === 'string' && !value.includes('\n') && !value.includes('-----BEGIN');
      return [name, isPath ? fs.readFileSync(path.resolve(folder, value)) : value];
    }),
  );
}

/** The same for Artillery's engine, whose requests that do not race use it, and which hands it on to the gate. */
export function tlsForEngine(options: TlsOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => {
      // The name of the server is for the gate alone: got takes it from the URL.
      if (name === 'servername') return [];
      return [[NAMES_IN_GOT[name as keyof typeof NAMES_IN_GOT] ?? name, value]];
    }),
  );
}

/** The name by which a server chooses its certificate; an address is none (RFC 6066, 3). */
export const serverNameOf = (host: string): { readonly servername?: string } =>
  isIP(host) === 0 ? { servername: host } : {};
