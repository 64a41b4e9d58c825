import { createRequire } from 'node:module';
import { nodeProblem } from '../node-version.ts';
import { type ArtilleryScript, type Callback, isLeader, isWorker } from './shared/artillery.ts';
import { exitCodeHere } from './shared/exit-code.ts';
import { startWorker } from './worker/worker.ts';

/** Without this, Artillery gives plugins metrics in an old format, which has no custom metrics. */
export const LEGACY_METRICS_FORMAT = false;

/** What Artillery's launcher tells its plugins. A worker gets something else. */
interface LauncherOptions {
  readonly scenarioName?: string;
}

/**
 * The plugin, as Artillery loads it: constructed once in the launcher and once in each worker thread.
 *
 * `cleanup` must call `done`. If it returned a promise instead, the CLI would hang.
 */
export class Plugin {
  readonly cleanup: (done: Callback) => void;

  constructor(script: ArtilleryScript, _events?: unknown, { scenarioName }: LauncherOptions = {}) {
    if (isWorker()) {
      const worker = startWorker(script);
      this.cleanup = (done) => {
        worker.close().then(() => done(), done);
      };
    } else if (isLeader()) {
      this.cleanup = (done) => done();
    } else {
      const problem = nodeProblem();
      if (problem !== undefined) {
        process.stderr.write(`Error: ${problem}\n`);
        process.exit(exitCodeHere(1));
      }
      const launcher = loadLauncher().startLauncher(script, scenarioName);
      this.cleanup = (done) => {
        launcher.finish().then(() => done(), done);
      };
    }
  }
}

/**
 * The reports, which only the launcher needs, take as long to load as everything that a worker needs, so the build puts
 * the launcher into a separate file. It is required, not imported with `await`: a processor in CommonJS could not require
 * a package with a top-level await, and Artillery could not bundle one in TypeScript.
 */
const loadLauncher = () => createRequire(import.meta.url)('./launcher.js') as typeof import('./launcher/launcher.ts');
