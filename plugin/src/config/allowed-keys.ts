import * as z from 'zod';

/** As much of a JSON Schema as tells which keys are allowed. */
interface JsonSchema {
  readonly properties?: Readonly<Record<PropertyKey, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/** The keys that a schema allows at a path below its root, in all branches of its unions. */
export function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
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
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}
