import { createRequire } from 'node:module';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../../config/index.ts';
import type { ArtilleryScript } from '../shared/artillery.ts';
import { tlsForQuestions } from '../shared/tls.ts';

/**
 * Looks at the files that workers load: one that is missing ends a worker, and Artillery then exits with 11.
 *
 * @throws ConfigError if a file is missing, or holds nothing that TLS can use
 */
export function checkFiles(script: ArtilleryScript): void {
  const { processor } = script.config;
  const folder = path.dirname(path.resolve(script._scriptPath ?? '.'));
  if (typeof processor === 'string') checkProcessor(processor, folder);
  const options = tlsForQuestions(script);
  try {
    createSecureContext(options);
  } catch (error) {
    throw new ConfigError({ path: 'config.tls', problem: (error as Error).message });
  }
}

function checkProcessor(file: string, folder: string): void {
  try {
    // As Artillery does it: the ending may be left out.
    createRequire(import.meta.url).resolve(path.resolve(folder, file));
  } catch {
    throw new ConfigError({
      path: 'config.processor',
      problem: `there is no file ${file} in ${folder}`,
      fix: 'the path is relative to the script',
    });
  }
}
