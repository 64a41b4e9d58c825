import { type ArtilleryScript, type Callback, isWorker } from './types.ts';
import { startWorker } from './worker.ts';

/** What only the launcher needs (all that reports are made of) takes as long to load as all that a worker needs. */
const launcherModule = isWorker() ? undefined : await import('./launcher.ts');

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
    if (launcherModule === undefined) {
      const worker = startWorker(script);
      this.cleanup = (done) => {
        worker.close();
        done();
      };
    } else {
      const launcher = launcherModule.startLauncher(script);
      this.cleanup = (done) => {
        launcher.finish().then(() => done(), done);
      };
    }
  }
}
