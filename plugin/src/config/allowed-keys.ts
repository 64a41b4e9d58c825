import * as z from 'zod';
import { isMapping } from '../../../model/json.ts';

/** The parts of a JSON Schema that say which keys are allowed. */
interface JsonSchema {
  readonly properties?: Readonly<Record<PropertyKey, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly const?: unknown;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/**
 * The keys that a schema allows at a path below its root. Keys with only one possible value are left out.
 *
 * @param value the mapping at that path: if it names a rule, only the settings of that rule are allowed
 */
export function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): readonly string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const branchesOf = (node: JsonSchema): JsonSchema[] => {
    const referenced = node.$ref === undefined ? [] : [root.$defs?.[node.$ref.replace('#/$defs/', '')] ?? {}];
    return [node, ...[...referenced, ...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(branchesOf)];
  };
  const stepInto = (node: JsonSchema, step: PropertyKey): JsonSchema[] => {
    const next = typeof step === 'number' ? node.items : (node.properties?.[step] ?? node.additionalProperties);
    return typeof next === 'object' ? branchesOf(next) : [];
  };
  const nodes = path.reduce<JsonSchema[]>((at, step) => at.flatMap((node) => stepInto(node, step)), branchesOf(root));
  return [...new Set(nodes.flatMap(({ properties = {} }) => keysOf(properties, value)))];
}

function keysOf(properties: Readonly<Record<string, JsonSchema>>, value: unknown): readonly string[] {
  const entries = Object.entries(properties);
  const isOtherRule = entries.some(
    ([key, property]) => property.const !== undefined && isMapping(value) && value[key] !== property.const,
  );
  return isOtherRule ? [] : entries.filter(([, property]) => property.const === undefined).map(([key]) => key);
}
