import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Vitest's global set-up: temporary files of all tests are in one folder, which is removed after the last test. */
export default function collectTemporaryFiles(): () => void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'order-race-tests-'));
  // Root starts PostgreSQL as another user, who has to reach the data in this folder.
  fs.chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  return () => fs.rmSync(folder, { recursive: true, force: true });
}
