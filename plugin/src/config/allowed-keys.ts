import * as z from 'zod';
import { isMapping } from '../../../model/json.ts';

/** The parts of a JSON Schema that say which keys are allowed. */
interface JsonSchema {
  readonly properties?: Readonly<Record<PropertyKey, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/**
 * The keys that a schema allows at a path below its root. Beside others, keys with only one possible value are left out.
 *
 * @param value the mapping at that path: if it names a rule, only the settings of that rule are allowed
 */
export function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): readonly string[] {
  return [...new Set(nodesAt(schema, path).flatMap(({ properties = {} }) => keysOf(properties, value)))];
}

/** The texts that a schema names as values at a path below its root. */
export function allowedTexts(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const values = nodesAt(schema, path).flatMap((node) => [node.const, ...(node.enum ?? [])]);
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

function nodesAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly JsonSchema[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const branchesOf = (node: JsonSchema): JsonSchema[] => {
    const referenced = node.$ref === undefined ? [] : [root.$defs?.[node.$ref.replace('#/$defs/', '')] ?? {}];
    return [node, ...[...referenced, ...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(branchesOf)];
  };
  const stepInto = (node: JsonSchema, step: PropertyKey): JsonSchema[] => {
    const next = typeof step === 'number' ? node.items : (node.properties?.[step] ?? node.additionalProperties);
    return typeof next === 'object' ? branchesOf(next) : [];
  };
  return path.reduce<JsonSchema[]>((at, step) => at.flatMap((node) => stepInto(node, step)), branchesOf(root));
}

function keysOf(properties: Readonly<Record<string, JsonSchema>>, value: unknown): readonly string[] {
  const entries = Object.entries(properties);
  const isOtherRule = entries.some(
    ([key, property]) =>
      property.const !== undefined && isMapping(value) && key in value && value[key] !== property.const,
  );
  if (isOtherRule) return [];
  const open = entries.filter(([, property]) => property.const === undefined);
  const missing = entries.filter(([key]) => !(isMapping(value) && key in value));
  return (open.length > 0 ? open : missing).map(([key]) => key);
}
