import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { HistoryRecord } from '../../../../model/index.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * Reads the records of a history as they are written. The history is the only channel from the workers to the console:
 * what is shown is what will be judged.
 *
 * @returns a function that gives the records that came since it was last called; a file that is gone gives none, and a
 * line that cannot be read neither: what to make of it is for the judging to say, at the end
 */
export function followHistory(file: string): () => HistoryRecord[] {
  let offset = 0;
  let rest = '';
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(CHUNK_BYTES);

  return () => {
    const records: HistoryRecord[] = [];
    let fd: number;
    try {
      fd = fs.openSync(file, 'r');
    } catch {
      return records;
    }
    try {
      for (let size = CHUNK_BYTES; size === CHUNK_BYTES; ) {
        size = fs.readSync(fd, buffer, 0, CHUNK_BYTES, offset);
        offset += size;
        const lines = (rest + decoder.write(buffer.subarray(0, size))).split('\n');
        rest = lines.pop() ?? '';
        records.push(...lines.flatMap(recordIn));
      }
    } finally {
      fs.closeSync(fd);
    }
    return records;
  };
}

function recordIn(line: string): HistoryRecord[] {
  try {
    return [JSON.parse(line) as HistoryRecord];
  } catch {
    return [];
  }
}
