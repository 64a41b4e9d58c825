import path from 'node:path';
import {
  ConfigError,
  type CsvSource,
  capacityIn,
  type InventorySource,
  type RunSettings,
  type SourcedInventory,
} from '../../../config/index.ts';
import type { ListedInventory } from '../../../recording/index.ts';
import type { ArtilleryScript } from '../../shared/artillery.ts';
import { csvList } from './csv-list.ts';
import { requestList } from './request-list.ts';
import type { SourceAnswer } from './source-answer.ts';

const PATH = 'config.plugins.race.inventories';

/**
 * Asks for the inventories of a suite that says where they come from. It blocks: nothing may start before they are known.
 *
 * @returns undefined where the suite lists them
 * @throws ConfigError that shows the answer if it cannot be read, or names nothing
 */
export function sourcedInventories(
  script: ArtilleryScript,
  settings: RunSettings,
): readonly SourcedInventory[] | undefined {
  const { source } = settings;
  if (source === undefined) return undefined;
  const folder = path.dirname(script._scriptPath ?? '.');
  const answer = isCsv(source) ? csvList(source, folder) : requestList(source, script, settings);
  if (typeof answer.listed === 'string') throw refusal(answer, answer.listed);
  const found = answer.listed.flatMap((entry, index) => inventoryOf(entry, index, source, answer));
  if (found.length === 0) throw refusal(answer, 'names nothing to race for');
  return found.slice(0, source.first);
}

const isCsv = (source: InventorySource): source is CsvSource => 'csv' in source;

/** None where nothing is left of it. */
function inventoryOf(
  { key, capacity, parts, fields, text }: ListedInventory,
  index: number,
  source: InventorySource,
  answer: SourceAnswer,
): SourcedInventory[] {
  const wrong = (problem: string) => refusal({ ...answer, said: text }, `entry ${index + 1} ${problem}`);
  if (key === undefined) throw wrong(`has no key at ${source.key}`);
  const left = source.capacity === undefined ? undefined : capacityIn(capacity);
  if (source.capacity !== undefined && left === undefined) throw wrong(`has no capacity at ${source.capacity}`);
  if (parts !== undefined && parts.length < 2) throw wrong('has fewer than two parts');
  if (left === 0) return [];
  return [{ key, fields, ...(left !== undefined && { capacity: left }), ...(parts !== undefined && { parts }) }];
}

const MAX_SAID = 200;

function refusal({ asked, said }: SourceAnswer, problem: string): ConfigError {
  const text = said.replace(/\s+/g, ' ').trim();
  const shown = text.length > MAX_SAID ? `${text.slice(0, MAX_SAID)}…` : text;
  return new ConfigError({ path: PATH, problem: `${asked} ${problem}${shown === '' ? '' : `: ${shown}`}` });
}
