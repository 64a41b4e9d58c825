import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { runAndTell } from '../../progress.ts';
import { freePort, removeFolder, startServer, temporaryFolder } from '../../servers/process.ts';
import type { Lock, RealSystem, RunningSystem } from '../system.ts';
import { installPython, missingPython, pythonFolder } from './python.ts';

const VERSION = '2026.8.0';
const NAME = `pretix-${VERSION}`;
const SEATS = ['A-1', 'A-2', 'A-3', 'A-4', 'A-5', 'A-6'];

/** What gunicorn serves: pretix as it is, or with its lock made to do nothing. */
const APPLICATIONS: Readonly<Record<Lock, string>> = { right: 'locked', disabled: 'unlocked' };

/** pretix, an event ticketing system in Django. It locks the seats of an order by PostgreSQL's advisory locks. */
export const pretix: RealSystem = {
  name: 'pretix',
  version: VERSION,
  suite: path.join(import.meta.dirname, 'seats.race.yml'),
  seats: SEATS,
  missing: missingPython,
  install: () => installPython(NAME, [`pretix==${VERSION}`, 'gunicorn==23.0.0']),
  fill,
  start,
  soldSql: `
    SELECT s.seat_guid AS seat, count(*)::int AS sold
    FROM pretixbase_orderposition p
    JOIN pretixbase_order o ON o.id = p.order_id
    JOIN pretixbase_seat s ON s.id = p.seat_id
    WHERE NOT p.canceled AND o.status IN ('n', 'p')
    GROUP BY s.seat_guid`,
};

async function fill(database: string): Promise<Readonly<Record<string, string>>> {
  const folder = temporaryFolder('race-pretix');
  const token = randomBytes(16).toString('hex');
  const python = path.join(pythonFolder(NAME), 'bin/python');
  const options = { cwd: import.meta.dirname, env: { ...environmentOf(database, folder), API_TOKEN: token } };
  await runAndTell(python, ['-m', 'django', 'migrate', '--run-syncdb', '-v0'], options);
  await runAndTell(python, ['set_up.py', ...SEATS], options);
  removeFolder(folder);
  return { PRETIX_TOKEN: token };
}

async function start(lock: Lock, database: string): Promise<RunningSystem> {
  const folder = temporaryFolder('race-pretix');
  const port = await freePort();
  const target = `http://127.0.0.1:${port}`;
  // Two processes, so that a lock inside of one would not do. As many threads as contenders: a held request keeps one busy.
  const workers = ['--worker-class', 'gthread', '--workers', '2', '--threads', '24', '--preload'];
  const stop = await startServer(
    {
      command: path.join(pythonFolder(NAME), 'bin/gunicorn'),
      args: ['--bind', `127.0.0.1:${port}`, ...workers, `${APPLICATIONS[lock]}:application`],
      env: { ...environmentOf(database, folder), PRETIX_PRETIX_URL: target },
      cwd: import.meta.dirname,
      folder,
      stopSignal: 'SIGTERM',
      startTimeoutMs: 180_000,
    },
    () => fetch(target, { redirect: 'manual' }),
  );
  return { target, stop };
}

/** pretix reads its configuration from variables of these names. No file of this machine is read. */
function environmentOf(database: string, folder: string): Readonly<Record<string, string>> {
  const url = new URL(database);
  return {
    DJANGO_SETTINGS_MODULE: 'race_settings',
    PYTHONPATH: import.meta.dirname,
    PYTHONDONTWRITEBYTECODE: '1',
    DATA_DIR: folder,
    PRETIX_CONFIG_FILE: '/dev/null',
    PRETIX_PRETIX_LOGLEVEL: 'ERROR',
    PRETIX_DATABASE_BACKEND: 'postgresql',
    PRETIX_DATABASE_HOST: url.hostname,
    PRETIX_DATABASE_PORT: url.port,
    PRETIX_DATABASE_USER: url.username,
    PRETIX_DATABASE_PASSWORD: url.password,
    PRETIX_DATABASE_NAME: url.pathname.slice(1),
  };
}
