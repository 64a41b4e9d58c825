import fs from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Document, isAlias, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { isMapping } from '../../../../model/json.ts';
import { printable } from '../../../../reports/index.ts';
import { InputError } from '../../config/index.ts';
import type { InitArguments } from '../arguments.ts';
import type { Asker } from '../ask.ts';
import { inventoriesIn } from '../inventories.ts';
import { scalarText } from '../suite-text.ts';
import { contendersFor } from './contenders.ts';
import { type Addition, type Insertion, insertBelow, insertInto, type Manner, mannerOf } from './insert.ts';
import { racedSeat } from './raced-seat.ts';
import { requestsIn, requestsMeant, type SuiteRequest } from './requests.ts';

/**
 * Puts the plugin and a `race:` line into an Artillery suite, and leaves every other byte as it is.
 *
 * @returns what to tell the user, a line each
 * @throws InputError if the request is not clear, or the suite cannot be read; nothing is written then
 */
export async function raceInto(file: string, args: InitArguments, asker: Asker): Promise<string[]> {
  const text = readSuite(file);
  const doc = parsed(text, file);
  const request = requestMeant(requestsIn(doc), args.request ?? '', file);
  const manner = mannerOf(text, file);
  const config = mapAt(doc, 'config');
  if (config === undefined) throw new InputError(`${file}: has no config block`);
  const insertions: Insertion[] = [];
  const seat = request.node.has('race') ? undefined : await racedSeat(request, args, asker);
  if (seat !== undefined) {
    insertions.push(insertInto(request.node, { key: 'race', flow: scalarText(seat, manner.isJson) }, manner));
  }
  const plugin = pluginInsertion(doc, config, { ...args, seat }, manner);
  if (plugin !== undefined) insertions.push(plugin);
  if (insertions.length === 0)
    return [`${file} has the race already: ${printable(request.name, 100)}. Nothing was changed.`];
  const changed = withInsertions(text, insertions);
  checkNothingElse(text, changed, file);
  fs.writeFileSync(file, changed);
  const named = args.inventories?.split(',').map((name) => name.trim()) ?? [];
  const isFixed = seat !== undefined && !/\{\{|^\$/.test(String(seat)) && named.some((name) => name !== String(seat));
  return [
    `${file}: ${printable(request.name, 100)} is raced now. Nothing else was changed.`,
    ...(isFixed
      ? [
          `It books ${printable(String(seat), 60)} alone: put {{ $loopElement }} there, in a loop over $inventories, to race all of them.`,
        ]
      : []),
  ];
}

/** The text, of which every byte must survive. */
function readSuite(file: string): string {
  if (!/\.(?:ya?ml|json)$/i.test(file))
    throw new InputError(`--into: must be a suite in YAML or JSON (received ${file})`);
  if (!fs.existsSync(file)) throw new InputError(`--into: there is no file ${file}`);
  const bytes = fs.readFileSync(file);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) throw new InputError(`${file}: is not in UTF-8`);
  return text;
}

function parsed(text: string, file: string): Document {
  const doc = parseDocument(text, { merge: true, version: '1.1', schema: 'core' });
  const [error] = doc.errors;
  if (error !== undefined) throw new InputError(`${file}: ${error.message.split('\n')[0]?.replace(/:$/, '')}`);
  if (!isMap(doc.contents)) throw new InputError(`${file}: is no Artillery suite`);
  return doc as Document;
}

function requestMeant(all: readonly SuiteRequest[], wanted: string, file: string): SuiteRequest {
  const [first, second] = requestsMeant(all, wanted);
  const list = all.map(({ name }) => `\n  ${printable(name, 100)}`).join('');
  const shown = printable(wanted, 60);
  if (first === undefined) {
    throw new InputError(
      `--request: ${file} has no ${shown}; ${all.length === 0 ? 'it has no requests' : `it has:${list}`}`,
    );
  }
  if (second !== undefined) throw new InputError(`--request: ${file} has ${shown} several times; it has:${list}`);
  if (first.method === 'GET') throw new InputError(`--request: ${shown} books nothing: name the request that books`);
  return first;
}

function mapAt(doc: Document, key: string): YAMLMap | undefined {
  const node = doc.get(key, true);
  const resolved = isAlias(node) ? node.resolve(doc) : node;
  return isMap(resolved) ? resolved : undefined;
}

/** `seat`: what the `race:` line says, if there was none. */
type Wanted = Omit<InitArguments, 'seat'> & { readonly seat?: string | number | undefined };

function pluginInsertion(doc: Document, config: YAMLMap, args: Wanted, manner: Manner): Insertion | undefined {
  const pair = config.items.find(({ key }) => isScalar(key) && key.value === 'plugins') as Pair | undefined;
  const value = pair === undefined ? undefined : isAlias(pair.value) ? pair.value.resolve(doc) : pair.value;
  if (isMap(value) && value.has('race')) return undefined;
  const race = raceBlock(config.toJS(doc), args, manner);
  if (isMap(value)) return insertInto(value, race, manner);
  if (pair !== undefined) return insertBelow(pair, race, manner);
  const block = [
    `race:${race.block === undefined ? ` ${race.flow}` : ''}`,
    ...(race.block ?? []).map((line) => `${manner.step}${line}`),
  ];
  return insertInto(config, { key: 'plugins', flow: inBraces([['race', race.flow]], manner), block }, manner);
}

/** `plugins.race`, as short as it may be. */
function raceBlock(config: unknown, { inventories, vus, seat = '' }: Wanted, manner: Manner): Addition {
  const listed = inventories === undefined ? undefined : inventoriesIn(inventories, { value: seat }, 1);
  const contenders = contendersFor(isMapping(config) ? config : {}, vus);
  const entries = [
    ...(contenders === undefined ? [] : [['contenders', String(contenders)] as const]),
    ...(listed === undefined
      ? []
      : [['inventories', `[${listed.map((key) => scalarText(key, manner.isJson)).join(', ')}]`] as const]),
  ];
  if (entries.length === 0) return { key: 'race', flow: '{}' };
  return { key: 'race', flow: inBraces(entries, manner), block: entries.map(([key, value]) => `${key}: ${value}`) };
}

function inBraces(entries: readonly (readonly [string, string])[], { isJson }: Manner): string {
  const inner = entries.map(([key, value]) => `${isJson ? JSON.stringify(key) : key}: ${value}`).join(', ');
  return isJson ? `{${inner}}` : `{ ${inner} }`;
}

const withInsertions = (text: string, insertions: readonly Insertion[]): string =>
  insertions
    .toSorted((a, b) => b.at - a.at)
    .reduce((whole, { at, text: added }) => whole.slice(0, at) + added + whole.slice(at), text);

/** Before it is written: without what was added the suite means what it meant. */
function checkNothingElse(before: string, after: string, file: string): void {
  const [old, changed] = [parsedValue(before), parsedValue(after)];
  if (changed !== undefined && isDeepStrictEqual(withoutRace(old), withoutRace(changed))) return;
  throw new InputError(
    `${file}: is written in a way that nothing can be put into safely; add the race: line and plugins.race by hand`,
  );
}

function parsedValue(text: string): unknown {
  const doc = parseDocument(text, { merge: true, version: '1.1', schema: 'core' });
  return doc.errors.length > 0 ? undefined : doc.toJS();
}

function withoutRace(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRace);
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'race');
  const kept = entries.map(([key, inner]) => [key, withoutRace(inner)] as const);
  return Object.fromEntries(kept.filter(([key, inner]) => !(key === 'plugins' && isEmpty(inner))));
}

const isEmpty = (value: unknown): boolean => value === null || (isMapping(value) && Object.keys(value).length === 0);
