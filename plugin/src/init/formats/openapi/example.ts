import { sample } from 'openapi-sampler';
import { isMapping } from '../../../../../model/json.ts';
import { ConfigError } from '../../../config/index.ts';
import { leavesIn } from '../../json-leaves.ts';
import { type Mapping, References } from './reference.ts';

/** What openapi-sampler writes where a schema says nothing about a text, a list or a mapping. */
const isPlaceholder = (value: unknown): boolean =>
  value === 'string' || (typeof value === 'object' && value !== null && Object.values(value).every(isPlaceholder));
/** Optional fields with these names are kept without an example: they may name the seat. */
const MAY_NAME_A_SEAT = /seat|place|slot|room|table|ticket|item|product|resource|id$|ref$|code$|key$/i;

/** Makes example values: those that the document shows, or else what its schemas allow. */
export class Examples {
  readonly #references: References;
  /** The same document without its examples. */
  #bare: Examples | undefined;

  constructor(references: References) {
    this.#references = references;
  }

  /** The value of a parameter or of a body to send: whatever has `example`, `examples` and `schema`. */
  of(holder: Mapping): unknown {
    return this.shown(holder) ?? this.#toSend(holder.schema);
  }

  /** The body of an answer. */
  answer(holder: Mapping): unknown {
    return this.shown(holder) ?? this.#sampled(holder.schema, { skipWriteOnly: true });
  }

  /** The value that the document shows; undefined where it shows none. */
  shown(holder: Mapping): unknown {
    if (holder.example !== undefined) return holder.example;
    const [first] = isMapping(holder.examples) ? Object.values(holder.examples) : [];
    const value = first === undefined ? undefined : this.#references.follow(first).value;
    if (value !== undefined) return value;
    const schema = this.#references.follow(holder.schema);
    return schema.example ?? (Array.isArray(schema.examples) ? schema.examples[0] : undefined) ?? schema.default;
  }

  /** The value of a parameter, where the document leaves no doubt about one that is right. */
  known(holder: Mapping): unknown {
    const schema = this.#references.follow(holder.schema);
    return this.shown(holder) ?? schema.const ?? (Array.isArray(schema.enum) ? schema.enum[0] : undefined);
  }

  /** Where a body has values that the document does not show: the library made them up. JSONPaths. */
  madeUp(holder: Mapping, value: unknown): string[] {
    if (this.shown(holder) !== undefined) return [];
    this.#bare ??= new Examples(new References(withoutExamples(this.#references.document)));
    const schema = isMapping(holder.schema) ? withoutExamples(holder.schema) : undefined;
    const made = new Map(
      leavesIn(this.#bare.#sampled(schema, { skipReadOnly: true })).map((one) => [one.path, one.value]),
    );
    return leavesIn(value)
      .filter(({ path, value: one }) => typeof one !== 'boolean' && one !== null && made.get(path) === one)
      .map(({ path }) => path);
  }

  #toSend(schema: unknown): unknown {
    const full = this.#sampled(schema, { skipReadOnly: true });
    return withoutPlaceholders(full, this.#sampled(schema, { skipReadOnly: true, skipNonRequired: true }));
  }

  #sampled(schema: unknown, options: NonNullable<Parameters<typeof sample>[1]>): unknown {
    if (!isMapping(schema)) return undefined;
    try {
      return sample(schema, { ...options, quiet: true }, this.#references.document);
    } catch (error) {
      // The library says what is wrong with the reference or the schema; documents hold no secrets of a user.
      const problem = `has a schema that cannot be read: ${(error as Error).message.slice(0, 200)}`;
      throw new ConfigError({ path: '', problem });
    }
  }
}

const withoutExamples = (schema: Mapping): Mapping =>
  JSON.parse(JSON.stringify(schema), (key, inner) =>
    /^(?:examples?|default|enum|const)$/.test(key) && !isMapping(inner?.schema) ? undefined : inner,
  );

/** Without what is optional and has no example: a voucher code "string" would be refused. */
function withoutPlaceholders(full: unknown, required: unknown): unknown {
  if (!isMapping(full) || !isMapping(required)) return full;
  // A schema that requires nothing says nothing about what is optional.
  if (Object.keys(required).length === 0) return full;
  const kept = Object.entries(full).filter(
    ([name, value]) => name in required || !isPlaceholder(value) || MAY_NAME_A_SEAT.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutPlaceholders(value, required[name])]));
}
