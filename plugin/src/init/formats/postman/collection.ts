import postman, { type Item } from 'postman-collection';
import { isMapping } from '../../../../../model/json.ts';
import { ConfigError } from '../../../config/index.ts';
import type { Capture } from '../../capture.ts';
import { requestOf } from './request.ts';
import { type Variable, Variables } from './variables.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** @throws ConfigError if it is no collection of version 2.1, or breaks its format */
export async function captureIn(document: unknown): Promise<Capture> {
  const collection = versionChecked(document);
  try {
    return await captureOf(collection);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    // The library expects the right types, and its message may quote a value.
    throw broken('a value in it has the wrong type');
  }
}

const broken = (problem: string, fix?: string): ConfigError =>
  new ConfigError({ path: '', problem: `this Postman collection cannot be read: ${problem}`, ...(fix && { fix }) });

const EXPORT_AGAIN = 'export it as "Collection v2.1"';

function versionChecked(document: unknown): Mapping {
  if (!isMapping(document)) throw broken('it is no mapping');
  // The API of Postman wraps what it exports.
  const collection = isMapping(document.collection) ? document.collection : document;
  const info = isMapping(collection.info) ? collection.info : {};
  if (Array.isArray(collection.values)) throw broken('it is an environment', 'give the collection');
  if (Array.isArray(collection.requests)) throw broken('it has version 1', EXPORT_AGAIN);
  if (/v2\.0/.test(String(info.schema))) throw broken('it has version 2.0', EXPORT_AGAIN);
  if (!Array.isArray(collection.item)) throw broken('it has no list `item`', EXPORT_AGAIN);
  return collection;
}

async function captureOf(collection: Mapping): Promise<Capture> {
  const { definition, folders } = prepared(collection);
  const variables = new Variables(folders);
  const items: Item[] = [];
  new postman.Collection(definition).forEachItem((item) => {
    if (item.request !== undefined) items.push(item);
  });
  if (items.length === 0) throw broken('it has no requests');
  const requests = await Promise.all(items.map((item) => requestOf(item, foldersOf(item), variables.of(item))));
  return { format: 'postman', requests, secrets: variables.secrets };
}

/** From the outermost folder to the innermost. */
function foldersOf(item: Item): string[] {
  const names: string[] = [];
  item.forEachParent((parent: { readonly name?: string }) => names.unshift(parent.name ?? ''));
  return names;
}

/** Where the library would understand something else than Postman does. */
function prepared(collection: Mapping) {
  const folders = new Map<string, readonly Variable[]>();
  const definition: object = JSON.parse(JSON.stringify(collection), (key, inner) => {
    if (!isMapping(inner)) return inner;
    // The library would take "inherit" for a way to sign in.
    if (key === 'auth' && inner.type === 'inherit') return null;
    // It reads only the parts of a URL, and some tools write only the whole.
    if (key === 'url' && typeof inner.raw === 'string' && inner.host === undefined) {
      return { ...postman.Url.parse(inner.raw), variable: inner.variable ?? [] };
    }
    if (key === '' || !Array.isArray(inner.item)) return inner;
    const id = `folder-${folders.size}`;
    folders.set(id, Array.isArray(inner.variable) ? inner.variable.filter(isMapping) : []);
    return { ...inner, id };
  });
  return { definition, folders };
}
