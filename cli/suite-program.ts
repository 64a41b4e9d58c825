import { createRequire } from 'node:module';
import { dirname, extname, relative, resolve } from 'node:path';
import type { BuildFailure } from 'esbuild';
import { InputError } from '../plugin/src/config/index.ts';

/** Whether a suite is JavaScript or TypeScript, which has to run before anybody knows what it says. */
export const isProgram = (file: string): boolean => /^\.[jt]s$/i.test(extname(file));

/**
 * Runs a suite that is a program, as Artillery does: JavaScript is required, and TypeScript is bundled into CommonJS.
 *
 * @returns what it exports
 * @throws InputError with the first line of its error
 */
export async function runSuiteFile(file: string): Promise<unknown> {
  try {
    const require = createRequire(file);
    if (extname(file).toLowerCase() === '.js') return { ...(require(file) as object) };
    return exportsOf(await bundled(file), file, require);
  } catch (error) {
    throw new InputError(`cannot run the suite ${file}: ${reasonOf(error, file)}`);
  }
}

/**
 * The first line of an error; of several that esbuild found in a program, the first one, with its place.
 *
 * @param program the absolute path of the program. A file that it imports is named, relative to it
 */
export function reasonOf(error: unknown, program = ''): string {
  const { errors: [first] = [] } = error as Partial<BuildFailure>;
  const [line = ''] = (first?.text ?? (error instanceof Error ? error.message : String(error))).split('\n');
  if (!first?.location) return line;
  const file = resolve(first.location.file);
  const name = file === program ? '' : `${relative(dirname(program), file)}, `;
  return `${line} (${name}line ${first.location.line}, column ${first.location.column + 1})`;
}

/**
 * A program in TypeScript as CommonJS. esbuild is loaded only for that.
 *
 * @param external packages that are not bundled
 */
export async function bundled(file: string, external: readonly string[] = []): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@playwright/test', ...external],
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

function exportsOf(code: string, file: string, require: NodeJS.Require): unknown {
  const module = { exports: {} };
  const run = new Function('exports', 'require', 'module', '__filename', '__dirname', code);
  run(module.exports, require, module, file, dirname(file));
  return { ...module.exports };
}
