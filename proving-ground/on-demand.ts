import fs from 'node:fs';
import path from 'node:path';
import { runAndTell, say } from './progress.ts';

const root = path.resolve(import.meta.dirname, '..');

/**
 * Installs an npm package into .node/, once. For packages that few people need, so that `npm ci` stays small for everybody.
 *
 * @param scripts whether to run the install scripts of the package
 * @param beside other packages that it needs there, with their versions
 * @returns the folder of the package
 * @throws Error when npm fails
 */
export async function installOnDemand(
  name: string,
  version: string,
  { scripts = false, beside = [] }: { readonly scripts?: boolean; readonly beside?: readonly string[] } = {},
): Promise<string> {
  const prefix = path.join(root, '.node', `${name.replaceAll(/[@/]/g, '-').replace(/^-/, '')}-${version}`);
  const folder = path.join(prefix, 'node_modules', name);
  const done = path.join(prefix, '.installed');
  if (!fs.existsSync(done)) {
    say(`Installing ${name} ${version} in .node/ (once) …`);
    fs.rmSync(prefix, { recursive: true, force: true });
    fs.mkdirSync(prefix, { recursive: true });
    // Without a package.json here, npm would use the one of the project.
    fs.writeFileSync(path.join(prefix, 'package.json'), '{ "private": true }\n');
    const options = ['--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
    if (!scripts) options.push('--ignore-scripts');
    await runAndTell('npm', ['install', ...options, `${name}@${version}`, ...beside], { cwd: prefix });
    fs.writeFileSync(done, '');
  }
  return folder;
}
