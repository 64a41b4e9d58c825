import { createRequire } from 'node:module';
import { nodeProblem } from '../node-version.ts';
import { type ArtilleryScript, type Callback, isWorker } from './shared/artillery.ts';
import { startWorker } from './worker/worker.ts';

/** Without this, Artillery gives plugins the metrics of version 1, which lack custom ones. */
export const LEGACY_METRICS_FORMAT = false;

/**
 * The plugin, as Artillery loads it: constructed once in the launcher and once in each worker thread.
 *
 * `cleanup` must call `done`: one that returns a promise instead hangs the CLI.
 */
export class Plugin {
  readonly cleanup: (done: Callback) => void;

  constructor(script: ArtilleryScript) {
    if (isWorker()) {
      const worker = startWorker(script);
      this.cleanup = (done) => {
        worker.close();
        done();
      };
    } else {
      const problem = nodeProblem();
      if (problem !== undefined) {
        process.stderr.write(`Error: ${problem}\n`);
        process.exit(1);
      }
      const launcher = loadLauncher().startLauncher(script);
      this.cleanup = (done) => {
        launcher.finish().then(() => done(), done);
      };
    }
  }
}

/**
 * What only the launcher needs (all that reports are made of) takes as long to load as all that a worker needs, so the
 * build makes a file of its own of it. It is not awaited: a processor in CommonJS could not require the package then, nor
 * Artillery bundle one in TypeScript.
 */
const loadLauncher = () => createRequire(import.meta.url)('./launcher.js') as typeof import('./launcher/launcher.ts');
