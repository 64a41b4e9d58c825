import { namesIn } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { MAX_INVENTORIES } from './bounds.ts';
import { ConfigError, problemsIn } from './config-error.ts';
import { type Overrides, SEAT_READ_BACK, SEATS } from './environment-variables.ts';
import { asInventory, type InventoryKey, keysAsWritten, type SourcedInventory } from './inventory.ts';
import { checkSource, type InventorySource } from './inventory-source.ts';
import { nameIn, withNamedValues } from './named-values.ts';
import { parseWithNumbers } from './numbers.ts';
import { checkFunctions } from './outcome.ts';
import { withStars } from './public-url.ts';
import { checkRepeat } from './repeat.ts';
import { type ParsedRaceConfig, type ReadBackSettings, raceSchema } from './schema.ts';
import type { Script } from './script.ts';
import { withoutTemplateLevels } from './template-levels.ts';

/** The plugin's block as it applies to this run. */
export interface RaceBlock {
  readonly race: ParsedRaceConfig;
  /** In order; empty where the suite does not say, and where they are not asked for yet. */
  readonly inventories: readonly ReturnType<typeof asInventory>[];
  /** Where they come from; undefined where the suite lists them, or does not say. */
  readonly source: InventorySource | undefined;
  /** The keys of the inventories as written: numbers stay numbers. */
  readonly keys: readonly InventoryKey[];
  /** The read-back, ORDER_READ_BACK included; undefined if the server is not asked. */
  readonly readBack: ReadBackSettings | undefined;
  /** The entries of `config.variables` that environment variables set. */
  readonly overridden: Readonly<Record<string, string | readonly string[]>>;
  /** All of `config.variables`. */
  readonly variables: Readonly<Record<string, unknown>>;
}

const PATH = 'config.plugins.race';

/**
 * Reads the plugin's block: fills in the variables that it names and what environment variables override, then parses it.
 *
 * @param sourced the inventories, where the block only says where they come from
 * @throws ConfigError with one line for each problem
 */
export function raceBlockOf(
  script: Script,
  overrides: Overrides,
  sourced: readonly SourcedInventory[] = [],
): RaceBlock {
  const written = isMapping(script.race) ? script.race : {};
  const listName = nameIn(written.inventories);
  // A scenario that names its list may be about something else than seats: ORDER_SEAT_IDS sets only the variable `seats`.
  const overridden = {
    ...overrides.variables,
    ...(listName !== undefined && overrides.seatIds && { [SEATS]: overrides.seatIds }),
  };
  const variables: Readonly<Record<string, unknown>> = { ...script.variables, ...overridden };
  if (listName !== undefined) checkList(variables[listName], listName, script, overrides);

  const filled = isMapping(script.race)
    ? withoutTemplateLevels({
        ...withCapacity(
          {
            ...withNamedValues(written, variables),
            ...(listName === undefined && overrides.seatIds && { inventories: overrides.seatIds }),
          },
          listName === SEATS || (listName === undefined && overrides.seatIds) ? overrides.capacity : undefined,
        ),
      })
    : script.race;
  const listed = isMapping(filled) ? filled.inventories : undefined;
  checkNumber(isMapping(listed) ? sourced : listed, overrides);
  checkSource(listed, `${PATH}.inventories`);
  checkRepeat(isMapping(filled) ? filled.repeat : undefined);
  const race = parse(filled);
  checkFunctions(isMapping(filled) ? filled.outcome : undefined);
  if (listName !== undefined && race.inventories === undefined) {
    const fix = `list what the contenders race for under ${script.environmentPath}.variables`;
    throw new ConfigError({ path: `config.variables.${listName}`, problem: 'missing', fix });
  }
  const found = inventoriesOf(race, listed, sourced);
  checkUnique(race, found.inventories, overrides);
  return { race, ...found, readBack: readBackOf(race, filled, written, overrides), overridden, variables };
}

function inventoriesOf(
  { inventories = [] }: ParsedRaceConfig,
  listed: unknown,
  sourced: readonly SourcedInventory[],
): Pick<RaceBlock, 'inventories' | 'source' | 'keys'> {
  if (Array.isArray(inventories)) {
    return { inventories, source: undefined, keys: keysAsWritten(listed, inventories) };
  }
  return { inventories: sourced.map(asInventory), source: inventories, keys: sourced.map(({ key }) => key) };
}

/** The block with that many units of each inventory; one that names its parts keeps their number. */
function withCapacity(block: Readonly<Record<string, unknown>>, capacity: number | undefined) {
  const { inventories } = block;
  if (capacity === undefined || !Array.isArray(inventories)) return block;
  const changed = inventories.map((inventory: unknown) => {
    if (!isMapping(inventory)) return { key: inventory, capacity };
    return inventory.parts === undefined ? { ...inventory, capacity } : inventory;
  });
  return { ...block, inventories: changed };
}

/** Before each of them is parsed, which takes a while. */
function checkNumber(inventories: unknown, { seatIds }: Overrides): void {
  if (!Array.isArray(inventories) || inventories.length <= MAX_INVENTORIES) return;
  throw new ConfigError({
    path: seatIds ? 'ORDER_SEAT_IDS' : `${PATH}.inventories`,
    problem: `names ${inventories.length.toLocaleString('en')}`,
    fix: `name at most ${MAX_INVENTORIES.toLocaleString('en')}: each is a round`,
  });
}

function parse(block: unknown): ParsedRaceConfig {
  const parsed = parseWithNumbers(raceSchema, block);
  if (parsed.success) return parsed.data;
  throw new ConfigError(problemsIn(parsed.error, { schema: raceSchema, input: block, path: PATH }));
}

function checkList(list: unknown, name: string, { environmentPath }: Script, { areWanted }: Overrides): void {
  if (!Array.isArray(list) || list.length > 0) return;
  const where = name === SEATS && areWanted ? 'there, or in ORDER_SEAT_IDS' : 'there';
  throw new ConfigError({
    path: `${environmentPath}.variables.${name}`,
    problem: 'is empty',
    fix: `list what the contenders race for ${where}`,
  });
}

function checkUnique(
  { label, words }: ParsedRaceConfig,
  inventories: RaceBlock['inventories'],
  { seatIds }: Overrides,
): void {
  const keys = inventories.map(({ key }) => key);
  const seen = new Set<string>();
  const twice = keys.find((key) => seen.size === seen.add(key).size);
  if (twice === undefined) return;
  throw new ConfigError({
    path: seatIds ? 'ORDER_SEAT_IDS' : `${PATH}.inventories`,
    problem: `names ${words?.one ?? label} "${twice}" twice`,
    fix: `each ${words?.one ?? label} is one round: name it once`,
  });
}

/**
 * The read-back. ORDER_READ_BACK can switch it off, or set another path. A path in ORDER_READ_BACK is about seats, so it does
 * not replace a read-back that a scenario names by another variable, such as `$poolReadBack`.
 */
function readBackOf(
  race: ParsedRaceConfig,
  block: unknown,
  written: Readonly<Record<string, unknown>>,
  { readBack: wanted }: Overrides,
): ReadBackSettings | undefined {
  if (wanted === undefined) return race.readBack;
  if (/^(off|false|0)$/i.test(wanted)) return undefined;
  if (![undefined, SEAT_READ_BACK].includes(nameIn(written.readBack))) return race.readBack;
  const { get: _, post: __, ...settings } = isMapping(block) && isMapping(block.readBack) ? block.readBack : {};
  const parsed = raceSchema.shape.readBack.safeParse({ ...settings, path: wanted });
  // Where the answer is about all inventories, the path need not name one.
  const isAboutOne = 'each' in settings || namesIn(wanted).length > 0;
  if (parsed.success && isAboutOne) return parsed.data;
  throw new ConfigError({
    path: 'ORDER_READ_BACK',
    fix: 'must be "off", or a path below the base URL such as /seats/{seatId}',
    received: `"${withStars(wanted).slice(0, 80)}"`,
  });
}
