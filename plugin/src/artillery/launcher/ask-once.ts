import type { Inventory } from '../../../../model/index.ts';
import type { RunSettings, SourcedInventory } from '../../config/index.ts';
import { createSharedSecrets } from '../../recording/index.ts';
import type { ArtilleryScript } from '../shared/artillery.ts';
import { learnFromSuite, runBlotter } from '../shared/run-blotter.ts';
import { type Answer, openLibrary } from './books/index.ts';
import { checkFiles } from './check-files.ts';
import { sourcedInventories } from './sources/index.ts';

/** A suite that is not run: what can be known about it without a booking. */
export interface UnstartedSuite {
  readonly script: ArtilleryScript;
  readonly settings: RunSettings;
  /** The settings again, with the inventories that a request or a file has named. */
  readonly settingsWith: (sourced: readonly SourcedInventory[]) => RunSettings;
  /** The headers of a virtual user, names and values in turn: the questions are asked in its name. */
  readonly rawHeaders: readonly string[];
}

/** What the read-backs say about the first inventory. */
export interface AskedOnce {
  /** The settings of a run now. */
  readonly settings: RunSettings;
  /** Undefined where nobody knows before the race what it is for. */
  readonly inventory: Inventory | undefined;
  /** One of each book for the inventory, or for each of its parts; none where the suite has no read-back. */
  readonly answers: readonly Answer[];
}

/**
 * Does what a run does before its virtual users start, and books nothing: looks at the files that workers load, asks for the
 * inventories where the suite says how, and asks every read-back about the first one.
 *
 * @throws InputError if a file is missing, or a question can never be asked
 */
export async function askOnce({ script, settings, settingsWith, rawHeaders }: UnstartedSuite): Promise<AskedOnce> {
  checkFiles(script);
  const sourced = sourcedInventories(script, settings);
  const known = sourced === undefined ? settings : settingsWith(sourced);
  const blotter = runBlotter(createSharedSecrets(), known, script);
  learnFromSuite(blotter, script, process.env);
  const library = openLibrary({ script, settings: known, blotter });
  await library.check();
  const [inventory] = known.plan.inventories;
  const answers = inventory === undefined ? [] : await library.ask([inventory], { when: 'before', rawHeaders });
  return { settings: known, inventory, answers };
}
