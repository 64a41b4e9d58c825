import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What a file may hold before defaults are filled in. What JSON Schema cannot say, such as the syntax of a JSONPath, is left out. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // Every whole number has this maximum in JavaScript, so it tells the reader nothing.
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as JsonSchema;

/** What stands in a script before Artillery fills templates in, and before the plugin looks up names of variables. */
export const PLACEHOLDERS = {
  Template: {
    type: 'string',
    pattern: '\\{\\{.*\\}\\}',
    description: 'A template of Artillery, such as {{ $env.SHOP }}',
  },
  Variable: { type: 'string', pattern: '^\\$[A-Za-z_]\\w*$', description: 'A variable of the script: $seats' },
} as const satisfies Record<string, JsonSchema>;

export const placeholder = (name: keyof typeof PLACEHOLDERS): JsonSchema => ({ $ref: `#/$defs/${name}` });

/**
 * The same schema, in which a template may stand for each value and each list: Artillery fills them in before the plugin reads
 * its block. A mapping is written out, so that an editor says which of its keys is wrong.
 */
export function withTemplates(node: JsonSchema): JsonSchema {
  const below = withTemplatesBelow(node);
  const branches = (node.anyOf ?? node.oneOf ?? [node]) as JsonSchema[];
  return branches.some(isValue) && !branches.some(isAnyText) ? or(below, placeholder('Template')) : below;
}

function withTemplatesBelow(node: JsonSchema): JsonSchema {
  const { anyOf, oneOf, items, properties, additionalProperties } = node;
  const branches = (anyOf ?? oneOf) as JsonSchema[] | undefined;
  const { oneOf: _, ...rest } = node;
  return {
    // With a template in place of its name, a rule may be several of them.
    ...rest,
    ...(branches !== undefined && { anyOf: branches.map(withTemplatesBelow) }),
    ...(typeof items === 'object' && { items: withTemplates(items as JsonSchema) }),
    ...(properties !== undefined && { properties: mapped(properties, withTemplates) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: withTemplates(additionalProperties) }),
  };
}

/** Whether it is a single value or a list. */
const isValue = ({ type, const: only }: JsonSchema): boolean =>
  only !== undefined || ['number', 'integer', 'boolean', 'string', 'array'].includes(String(type));

/** Whether it takes every text, and so a template as well. */
const isAnyText = ({ type, pattern, enum: words, const: only }: JsonSchema): boolean =>
  [type].flat().includes('string') && (pattern ?? words ?? only) === undefined;

/** What the node allows, or the other; what is said about the node stays with both. */
export function or({ description, default: byDefault, ...node }: JsonSchema, other: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = node;
  const isUnion = anyOf !== undefined && Object.keys(rest).length === 0;
  return {
    ...(description !== undefined && { description }),
    ...(byDefault !== undefined && { default: byDefault }),
    anyOf: [...(isUnion ? anyOf : [node]), other],
  };
}

export const mapped = (record: Readonly<Record<string, unknown>>, change: (node: JsonSchema) => JsonSchema) =>
  Object.fromEntries(Object.entries(record).map(([name, node]) => [name, change(node as JsonSchema)]));
