import postman, { type Item, type VariableList } from 'postman-collection';
import { createBlotter } from '../../../recording/index.ts';
import { envName, envTemplate } from '../urls.ts';

/** What Postman makes up itself, as Artillery says it. Others become a variable of the environment. */
const MADE_UP: Readonly<Record<string, string>> = {
  $guid: '{{ $uuid }}',
  $randomUUID: '{{ $uuid }}',
  $randomInt: '{{ $randomNumber(0,1000) }}',
};

/** A variable as a collection writes it. */
export interface Variable {
  readonly key?: string;
  readonly value?: unknown;
  readonly type?: string;
  readonly disabled?: boolean;
}

/** Puts the variables of a collection and its folders into the texts of one item. */
export class Variables {
  /** The values of the secrets that became `{{ $env.NAME }}`, by their NAME. */
  readonly secrets: Record<string, string> = {};
  readonly #folders: ReadonlyMap<string, readonly Variable[]>;
  readonly #isSecret = createBlotter().find.isSecret;

  /** @param folders the variables of the folders, by the folder's id: the library drops them */
  constructor(folders: ReadonlyMap<string, readonly Variable[]>) {
    this.#folders = folders;
  }

  /** A function that resolves the texts of this item. What nobody knows becomes `{{ $env.NAME }}`. */
  of(item: Item): (text: string) => string {
    const values: Record<string, string> = {};
    for (const { key = '', value, type, disabled } of this.#around(item)) {
      if (disabled || Object.hasOwn(values, key)) continue;
      const text = value === undefined || value === null ? '' : String(value);
      // A collection is often published with its values taken out.
      if (text !== '') values[key] = this.#shown(key, text, type);
    }
    return (text) => {
      // Its types know lists of variables alone.
      const resolved = postman.Property.replaceSubstitutions(normalised(text), [values as unknown as VariableList]);
      return resolved.replace(REFERENCE, (whole, name: string) => (name.startsWith('$') ? whole : envTemplate(name)));
    };
  }

  /** The variables around an item, the closest first. */
  #around(item: Item): Variable[] {
    const found: Variable[] = [];
    item.forEachParent({ withRoot: true }, ({ id, variables }: { id: string; variables?: VariableList }) => {
      found.push(...(this.#folders.get(id) ?? []), ...((variables?.all() ?? []) as Variable[]));
    });
    return found;
  }

  #shown(key: string, text: string, type: string | undefined): string {
    const isSecret = (type === 'secret' || this.#isSecret(key, text)) && !text.includes('{{');
    if (!isSecret) return normalised(text);
    this.secrets[envName(key)] = text;
    return envTemplate(key);
  }
}

const REFERENCE = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The library knows no blanks inside the braces, and would make up the same values for everybody. */
const normalised = (text: string): string =>
  text.replace(REFERENCE, (whole, name: string) => {
    if (!name.startsWith('$')) return `{{${name}}}`;
    if (/^\$(env\.|uuid$|randomNumber\()/.test(name)) return whole;
    return MADE_UP[name] ?? envTemplate(name);
  });
