import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'vitest';
import { type BookingServer, bookingServer, correct, type Ledger, type Temperament } from './booking-server.ts';

interface Closable {
  close(): unknown;
}

export const it = test
  /** Takes something that is open, such as a server, and closes it after the test. */
  .extend('open', ({ onTestFinished }) => async <T extends Closable>(opening: T | Promise<T>): Promise<T> => {
    const opened = await opening;
    onTestFinished(async () => void (await opened.close()));
    return opened;
  })
  /** Starts a booking server; without a temperament, a correct one. */
  .extend(
    'target',
    ({ open }) =>
      (temperament: Temperament = correct(), ledger?: Ledger): Promise<BookingServer> =>
        open(bookingServer(temperament, 0, ledger)),
  )
  /** An empty folder. */
  .extend('folder', () => temporaryFolder());

/** Makes an empty folder. All of them are removed after the last test. */
export const temporaryFolder = (name = 'test-'): string => fs.mkdtempSync(path.join(os.tmpdir(), name));
