import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Vitest's global set-up: temporary files of all tests are in one folder, which is removed after the last test. What is printed
 * does not depend on the terminal in which the tests run: "dumb" would mean ASCII.
 */
export default function collectTemporaryFiles(): () => void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'order-race-tests-'));
  // Root starts PostgreSQL as another user, who has to reach the data in this folder.
  fs.chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  process.env.TERM = 'xterm';
  return () => fs.rmSync(folder, { recursive: true, force: true });
}
