import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failureReason } from '../plugin/src/artillery/shared/failure-reason.ts';
import { InputError } from '../plugin/src/config/index.ts';
import { makeFolder } from '../plugin/src/reporting/make-folder.ts';

/**
 * Makes the output folder and writes a file to it. The check comes first because bookings cannot be made a second time
 * only to get the report.
 *
 * @throws InputError if the folder cannot be written to
 */
export async function checkOutputFolder(folder: string): Promise<void> {
  const probe = join(folder, `.probe-${randomUUID()}`);
  try {
    makeFolder(folder);
    await writeFile(probe, '', { flag: 'wx' });
    await rm(probe);
  } catch (error) {
    throw new InputError(`cannot write to the output folder ${folder} (${failureReason(error)}): set ORDER_OUTPUT_DIR`);
  }
}
