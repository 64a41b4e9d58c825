import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { captureProblem } from '../../bench/capture/tcpdump.ts';
import { startTarget, type Target } from '../../bench/target/index.ts';

/** The target of a test file, and a folder for the packets and for the files of the runs. */
export interface CaptureTarget {
  readonly target: Target;
  readonly dir: string;
}

/** Starts the target before the tests of the file and stops it after them. @returns a getter for use in the tests */
export function captureTarget(): () => CaptureTarget {
  let running: CaptureTarget | undefined;
  beforeAll(async () => {
    const problem = captureProblem();
    if (problem !== undefined) throw new Error(problem);
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'race-capture-'));
    running = { target: await startTarget(), dir };
  });
  afterAll(async () => {
    await running?.target.stop();
    if (running !== undefined) fs.rmSync(running.dir, { recursive: true });
  });
  return () => {
    if (running === undefined) throw new Error('the target was not started');
    return running;
  };
}
