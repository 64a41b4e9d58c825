import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { captureProblem } from '../../bench/capture/tcpdump.ts';
import { startTarget, type Target } from '../../bench/target/index.ts';

/** What the tests of one file capture: a target, and a folder for the packets and for what the runs leave behind. */
export interface CaptureTarget {
  readonly target: Target;
  readonly dir: string;
}

/** Starts the target before the tests of the file, and stops it after them. @returns what there is while they run */
export function captureTarget(): () => CaptureTarget {
  let its: CaptureTarget | undefined;
  beforeAll(async () => {
    const problem = captureProblem();
    if (problem !== undefined) throw new Error(problem);
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'race-capture-'));
    its = { target: await startTarget(), dir };
  });
  afterAll(async () => {
    await its?.target.stop();
    if (its !== undefined) fs.rmSync(its.dir, { recursive: true });
  });
  return () => {
    if (its === undefined) throw new Error('the target was not started');
    return its;
  };
}
