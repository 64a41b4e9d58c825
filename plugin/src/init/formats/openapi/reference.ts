import { isMapping } from '../../../../../model/json.ts';
import { ConfigError } from '../../../config/index.ts';
import { decoded } from '../urls.ts';

export type Mapping = Readonly<Record<string, unknown>>;

/** A reference may lead to another one. More of them are a circle. */
const MAX_STEPS = 30;

/**
 * Follows the references of one document, at the place where each is needed. A library that replaces all of them first takes
 * seconds for a large document, and fails on a broken reference in an operation that nobody asked for.
 */
export class References {
  readonly document: Mapping;

  constructor(document: Mapping) {
    this.document = document;
  }

  /**
   * The mapping at the end of the references; empty where there is no mapping. What stands beside a `$ref` counts as well,
   * as OpenAPI 3.1 has it.
   *
   * @throws ConfigError if a reference leads nowhere, to another file or in a circle
   */
  follow(value: unknown): Mapping {
    let found = isMapping(value) ? value : {};
    for (let step = 0; typeof found.$ref === 'string'; step++) {
      const { $ref, ...beside } = found as { $ref: string };
      if (step === MAX_STEPS) throw new ConfigError({ path: $ref, problem: 'this $ref leads back to itself' });
      found = { ...this.#at($ref), ...beside };
    }
    return found;
  }

  #at(reference: string): Mapping {
    if (!reference.startsWith('#')) {
      const problem = 'this $ref leads to another file';
      throw new ConfigError({ path: reference, problem, fix: 'bundle the document into one file first' });
    }
    // A JSON Pointer (RFC 6901) in a fragment.
    const found = reference
      .slice(1)
      .split('/')
      .slice(1)
      .map((key) => decoded(key).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((at, key) => (isReadable(at) && Object.hasOwn(at, key) ? at[key] : undefined), this.document);
    if (isMapping(found)) return found;
    throw new ConfigError({ path: reference, problem: 'this $ref leads nowhere' });
  }
}

const isReadable = (value: unknown): value is Mapping => typeof value === 'object' && value !== null;
