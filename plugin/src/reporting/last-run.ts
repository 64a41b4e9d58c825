import fs from 'node:fs';
import path from 'node:path';
import { lastRunText, type Report, type VerdictFile } from '../../../reports/index.ts';
import { parseVerdict } from './verdict-file.ts';

const ENDING = '.verdict.json';
/** What {@link claimRunName} puts after the name: the time, and the number of the machine. */
const STAMP = /_\d{8}_\d{6}(?:_m\d+)?$/;
/** So many verdicts are read, the latest first: a folder may hold years of them. */
const MAX_READ = 20;

/**
 * One line about the last run of the same scenario and environment that began before this one.
 *
 * @param base the path of this run's files, without the ending
 * @returns undefined where there is none, or where the folder cannot be read
 */
export function lastRunBeside(base: string, now: Report): string | undefined {
  const name = nameOf(path.basename(base));
  const others = namesIn(path.dirname(base)).filter((file) => nameOf(path.basename(file, ENDING)) === name);
  for (const file of others.slice(0, MAX_READ)) {
    const last = verdictIn(path.join(path.dirname(base), file));
    if (last !== undefined && isBefore(last, now)) return lastRunText(last, now);
  }
  return undefined;
}

const nameOf = (base: string): string => base.replace(STAMP, '');

/** The names of all verdicts, the latest first. */
function namesIn(folder: string): string[] {
  try {
    const names = fs.readdirSync(folder).filter((file) => file.endsWith(ENDING));
    return names.toSorted().toReversed();
  } catch {
    return [];
  }
}

function verdictIn(file: string): VerdictFile | undefined {
  try {
    const verdict = parseVerdict(fs.readFileSync(file, 'utf8'));
    return 'problem' in verdict ? undefined : verdict;
  } catch {
    return undefined;
  }
}

const isBefore = (last: VerdictFile, now: Report): boolean =>
  last.runId !== now.runId &&
  last.env === now.env &&
  last.scenario === now.scenario &&
  Date.parse(last.startedAt) < Date.parse(now.startedAt);
