import fs from 'node:fs';
import type { HistoryRecord } from '../../../model/index.ts';
import { harmlessJson } from '../../../model/json.ts';

/** One line of `history.jsonl`. */
export const lineOf = (record: HistoryRecord): string => `${harmlessJson(record)}\n`;

/**
 * Appends to `history.jsonl`. Each call writes whole lines to a file opened for appending, so that several threads can
 * write to the same file.
 */
export interface HistoryWriter {
  /**
   * Where the disk is full, the lines that fit are written whole, and the others not at all.
   *
   * @throws the error of the file system, e.g. ENOSPC
   */
  append(records: readonly HistoryRecord[]): void;
  close(): void;
}

/** @throws the error of the file system; ELOOP for a symbolic link, which may point to anybody's file */
export function openHistory(file: string): HistoryWriter {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW = 0 } = fs.constants;
  const fd = fs.openSync(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW);
  return {
    append(records) {
      let left = Buffer.from(records.map(lineOf).join(''));
      while (left.length > 0) {
        const written = fs.writeSync(fd, left);
        const whole = left.subarray(0, written).lastIndexOf(LINE_FEED) + 1;
        if (written < left.length) cutToWholeLines(fd);
        if (whole === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        left = left.subarray(whole);
      }
    },
    close: () => fs.closeSync(fd),
  };
}

const LINE_FEED = 0x0a;
const PIECE_BYTES = 1 << 16;

/** Takes a line away that has no end, at the end of the file: the next one would become a part of it. */
function cutToWholeLines(fd: number): void {
  const buffer = Buffer.alloc(PIECE_BYTES);
  for (let end = fs.fstatSync(fd).size; end > 0; end -= PIECE_BYTES) {
    const start = Math.max(0, end - PIECE_BYTES);
    const read = fs.readSync(fd, buffer, 0, end - start, start);
    const whole = buffer.subarray(0, read).lastIndexOf(LINE_FEED) + 1;
    if (whole === 0) continue;
    fs.ftruncateSync(fd, start + whole);
    return;
  }
}
