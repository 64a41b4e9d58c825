import * as z from 'zod';
import { isMapping } from './json.ts';

type Test = (value: unknown) => boolean;

/**
 * A fast test for values that nearly always fit their schema, such as half a million attempts: zod also tries every field
 * that is absent.
 *
 * @returns true: the schema accepts the value. The value has only fields that the schema names, and only numbers that are
 * exact in a double, as far as they are whole. False: ask the schema
 */
export function surelyFits(schema: z.core.$ZodType): Test {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'number') return numberTest(schema, def);
  if (def.type === 'string') return stringTest(schema, def);
  if (def.checks !== undefined && def.checks.length > 0) return never;
  switch (def.type) {
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'literal':
      return isOneOf(def.values);
    case 'enum':
      return isOneOf(Object.values(def.entries));
    case 'optional':
      return surelyFits(def.innerType);
    case 'array':
      return listTest(surelyFits(def.element));
    case 'tuple':
      return tupleTest(def.items.map(surelyFits));
    case 'object':
      return objectTest(def.shape);
    case 'union':
      return unionTest(def);
    default:
      return never;
  }
}

const never: Test = () => false;

function isOneOf(values: readonly unknown[]): Test {
  const known = new Set(values);
  return (value) => known.has(value);
}

function stringTest(schema: z.core.$ZodType, { checks = [] }: z.core.$ZodStringDef): Test {
  if (checks.length === 0) return (value) => typeof value === 'string';
  return (value) => typeof value === 'string' && z.safeParse(schema, value).success;
}

function numberTest(schema: z.core.$ZodType, def: z.core.$ZodNumberDef & { readonly format?: string }): Test {
  const { checks = [], format } = def;
  const minima = checks.flatMap((check) => limitOf(check._zod.def, 'greater_than'));
  const maxima = checks.flatMap((check) => limitOf(check._zod.def, 'less_than'));
  if (minima.length + maxima.length < checks.length || (format !== undefined && format !== 'safeint')) {
    return (value) => isExact(value) && z.safeParse(schema, value).success;
  }
  const [least, most] = [Math.max(...minima), Math.min(...maxima)];
  return format === undefined
    ? (value) => isExact(value) && value >= least && value <= most
    : (value) => isExact(value) && value >= least && value <= most && Number.isInteger(value);
}

const isExact = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

/** The number itself is allowed. Empty for any other check. */
function limitOf(check: z.core.$ZodCheckDef, kind: 'greater_than' | 'less_than'): [number] | [] {
  const { value, inclusive } = check as Partial<z.core.$ZodCheckGreaterThanDef>;
  return check.check === kind && inclusive === true && typeof value === 'number' ? [value] : [];
}

const listTest =
  (ofItem: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(ofItem);

const tupleTest =
  (ofItems: readonly Test[]): Test =>
  (value) =>
    Array.isArray(value) && value.length === ofItems.length && ofItems.every((test, index) => test(value[index]));

function objectTest(shape: z.core.$ZodShape): Test {
  const fields = new Map(
    Object.entries(shape).map(([name, schema]) => [
      name,
      { fits: surelyFits(schema), isRequired: schema._zod.optin === undefined },
    ]),
  );
  const required = [...fields.values()].filter(({ isRequired }) => isRequired).length;
  return (value) => {
    if (!isMapping(value)) return false;
    let found = 0;
    for (const name in value) {
      const field = fields.get(name);
      if (field === undefined || !field.fits(value[name])) return false;
      if (field.isRequired) found++;
    }
    return found === required;
  };
}

function unionTest({ options, ...def }: z.core.$ZodUnionDef & { readonly discriminator?: string }): Test {
  const tests = options.map(surelyFits);
  const { discriminator } = def;
  if (discriminator === undefined) return (value) => tests.some((test) => test(value));
  const byTag = new Map(
    options.flatMap(({ _zod }, index) =>
      [...(_zod.propValues?.[discriminator] ?? [])].map((tag) => [tag as unknown, tests[index] ?? never] as const),
    ),
  );
  return (value) => isMapping(value) && byTag.get(value[discriminator])?.(value) === true;
}
