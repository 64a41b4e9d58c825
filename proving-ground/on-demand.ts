import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');

/**
 * Installs a package of npm into .node/, once: for what few people need, and everybody's `npm ci` should not bring.
 *
 * @param scripts whether its install scripts may run
 * @returns its folder
 * @throws Error where npm could not
 */
export async function installOnDemand(name: string, version: string, { scripts = false } = {}): Promise<string> {
  const prefix = path.join(root, '.node', `${name.replaceAll(/[@/]/g, '-').replace(/^-/, '')}-${version}`);
  const folder = path.join(prefix, 'node_modules', name);
  const done = path.join(prefix, '.installed');
  if (!fs.existsSync(done)) {
    process.stderr.write(`Installing ${name} ${version} in .node/ (once) …\n`);
    fs.rmSync(prefix, { recursive: true, force: true });
    fs.mkdirSync(prefix, { recursive: true });
    // Its own package.json, or npm would look for one further up.
    fs.writeFileSync(path.join(prefix, 'package.json'), '{ "private": true }\n');
    await promisify(execFile)(
      'npm',
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--no-save',
        '--loglevel=error',
        ...(scripts ? [] : ['--ignore-scripts']),
        `${name}@${version}`,
      ],
      { cwd: prefix },
    );
    fs.writeFileSync(done, '');
  }
  return folder;
}
