import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../../bench/find-program.ts';
import { UsageError } from '../../../reference-api/command-line.ts';
import { runAndTell, say } from '../../progress.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** What pretix asks for. */
const OLDEST = '3.11';
const PROBE = `import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (${OLDEST.replace('.', ', ')}) else 3)`;

/** What this machine lacks for a Python environment, and how to get it. Undefined where nothing is missing. */
export async function missingPython(): Promise<string | undefined> {
  const python = findProgram('python3');
  if (python === undefined) return `python3 ${OLDEST} or newer (Debian: apt-get install python3 python3-venv)`;
  try {
    await promisify(execFile)(python, ['-c', PROBE]);
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code === 3
      ? `python3 ${OLDEST} or newer: ${python} is older`
      : `the Python module venv with ensurepip (Debian: apt-get install python3-venv)`;
  }
}

/** The folder of a Python environment in .node/, whether it is there or not. */
export const pythonFolder = (name: string): string => path.join(root, '.node', name);

/**
 * Installs Python packages into an environment of their own in .node/, once.
 *
 * @param name the folder's name, with the version
 * @param packages as pip takes them, such as `pretix==2026.8.0`
 * @throws UsageError when this machine has no compiler and a package needs one; Error when pip fails otherwise
 */
export async function installPython(name: string, packages: readonly string[]): Promise<void> {
  const folder = pythonFolder(name);
  const done = path.join(folder, '.installed');
  if (fs.existsSync(done)) return;
  say(`Installing ${packages.join(' and ')} in .node/ (once: 0.6 GB, some minutes) …`);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const cwd = path.dirname(folder);
  await runAndTell('python3', ['-m', 'venv', folder], { cwd });
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
  try {
    await runAndTell(path.join(folder, 'bin/python'), [...pip, ...packages], { cwd });
  } catch (error) {
    const { message } = error as Error;
    throw needsCompiler(message) ? new UsageError(`${message}\n${COMPILER_HINT}`) : error;
  }
  fs.writeFileSync(done, '');
}

/** Packages come compiled for most machines. Where one does not, pip needs a compiler. @param message what pip said */
export const needsCompiler = (message: string): boolean => /gcc|g\+\+|cc1|compiler|Python\.h/i.test(message);

const COMPILER_HINT = 'A package has to be compiled here: apt-get install build-essential python3-dev';
