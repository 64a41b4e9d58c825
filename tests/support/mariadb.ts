import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { findProgram } from '../../bench/find-program.ts';
import {
  freePort,
  newPassword,
  type OwnServer,
  startServer,
  temporaryFolder,
} from '../../proving-ground/servers/process.ts';

const FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/libexec', '/opt/homebrew/opt/mariadb/bin'];

/** Whether MariaDB is installed (Debian: `apt-get install mariadb-server`). */
export const hasMariaDb = (): boolean => findProgram('mariadbd', FOLDERS) !== undefined;

/** Starts a new MariaDB server. Its URL begins with `mysql://`. */
export async function startMariaDb(): Promise<OwnServer> {
  const folder = temporaryFolder('race-mariadb');
  const [data, init] = [path.join(folder, 'data'), path.join(folder, 'init.sql')];
  const password = newPassword();
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  fs.writeFileSync(
    init,
    // One statement on each line.
    `CREATE DATABASE shop;\nCREATE USER 'shop'@'%' IDENTIFIED BY '${password}';\nGRANT ALL ON shop.* TO 'shop'@'%';\n`,
  );
  await promisify(execFile)(findProgram('mariadb-install-db', FOLDERS) ?? 'mariadb-install-db', [
    '--no-defaults',
    ...user,
    `--datadir=${data}`,
    '--skip-test-db',
  ]);
  const port = await freePort();
  const url = `mysql://shop:${password}@127.0.0.1:${port}/shop`;
  const stop = await startServer(
    {
      command: findProgram('mariadbd', FOLDERS) ?? 'mariadbd',
      args: [
        '--no-defaults',
        ...user,
        `--datadir=${data}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        `--socket=${path.join(folder, 's')}`,
        `--init-file=${init}`,
      ],
      folder,
      stopSignal: 'SIGTERM',
    },
    async () => (await createConnection(url)).end(),
  );
  return { url, stop };
}
