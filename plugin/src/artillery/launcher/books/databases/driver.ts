import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, type Dialect } from '../../../../config/index.ts';
import type { Table } from '../../../../recording/index.ts';

/** A connection that only reads. */
export interface Connection {
  /** @throws the error of the database, also where it takes longer than the limit */
  query(text: string, parameters: readonly (string | number)[]): Promise<Table>;
  /** Ends it at once, whatever is under way. */
  destroy(): void;
}

/** The package that speaks a dialect, and the module in it; SQLite is part of Node. */
const PACKAGES: Readonly<Record<Dialect, readonly [name: string, entry: string] | undefined>> = {
  postgres: ['pg', 'pg'],
  mysql: ['mysql2', 'mysql2/promise'],
  sqlite: undefined,
};

/**
 * Where the driver of a dialect is: in the user's project, else beside the plugin.
 *
 * @param folders where to look, in order
 * @returns undefined for a dialect that needs none
 * @throws ConfigError that names the package to add
 */
export function driverOf(dialect: Dialect, folders: readonly string[]): string | undefined {
  const known = PACKAGES[dialect];
  if (known === undefined) return undefined;
  const [name, entry] = known;
  for (const folder of folders) {
    try {
      return createRequire(path.join(folder, 'suite.js')).resolve(entry);
    } catch {}
  }
  throw new ConfigError({
    path: 'config.plugins.race.readBack.database',
    problem: `the package ${name} is not installed`,
    fix: `npm install --save-dev ${name}`,
  });
}

/** Loads a driver: modules in CommonJS have all in `default`. */
export async function loadDriver<Driver>(file: string): Promise<Driver> {
  const module = (await import(pathToFileURL(file).href)) as { readonly default?: Driver };
  return module.default ?? (module as Driver);
}
