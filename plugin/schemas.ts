import { z } from 'zod';
import { RECORDS } from '../model/history-file.ts';
import { verdictSchema } from '../model/verdict-file.ts';
import { NAMEABLE } from './src/config/named-values.ts';
import { raceSchema } from './src/config/schema.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The published JSON Schemas of a line of `history.jsonl`, of `verdict.json` and of the plugin's block. They are made from the
 * schemas that the program itself checks with.
 *
 * @returns the text of each file of plugin/schema, by its name
 */
export function schemaFiles(): Record<string, string> {
  return {
    'history.schema.json': textOf(historySchema(), 'One line of history.jsonl'),
    'verdict.schema.json': textOf(jsonSchemaOf(verdictSchema), 'verdict.json'),
    'config.schema.json': textOf(configSchema(), 'The block config.plugins.race of an Artillery script'),
  };
}

/** What a file may hold before defaults are filled in. What JSON Schema cannot say, such as the syntax of a JSONPath, is left out. */
const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // Every whole number has this maximum in JavaScript, so it tells the reader nothing.
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as JsonSchema;

/** What stands in a script before Artillery fills templates in, and before the plugin looks up names of variables. */
const PLACEHOLDERS = {
  Template: {
    type: 'string',
    pattern: '\\{\\{.*\\}\\}',
    description: 'A template of Artillery, such as {{ $env.SHOP }}',
  },
  Variable: { type: 'string', pattern: '^\\$[A-Za-z_]\\w*$', description: 'A variable of the script: $seats' },
} as const satisfies Record<string, JsonSchema>;

const placeholder = (name: keyof typeof PLACEHOLDERS): JsonSchema => ({ $ref: `#/$defs/${name}` });

/** The options, each of which may be a template. */
function configSchema(): JsonSchema {
  const { $defs = {}, ...schema } = withTemplates(jsonSchemaOf(raceSchema));
  const named = NAMEABLE.map((name) => [name, or(schema.properties?.[name] as JsonSchema, placeholder('Variable'))]);
  return {
    ...schema,
    properties: { ...schema.properties, ...Object.fromEntries(named) },
    $defs: { ...mapped($defs, withTemplates), ...PLACEHOLDERS },
  };
}

/** The same schema, in which a template may stand for each single value. */
function withTemplates(node: JsonSchema): JsonSchema {
  const { anyOf, oneOf, items, properties, additionalProperties } = node;
  if (isValue(node)) return or(node, placeholder('Template'));
  if (anyOf !== undefined) {
    const branches = anyOf as JsonSchema[];
    const below = { ...node, anyOf: branches.map((branch) => (isValue(branch) ? branch : withTemplates(branch))) };
    return branches.some(isValue) ? or(below, placeholder('Template')) : below;
  }
  return {
    ...node,
    ...(oneOf !== undefined && { oneOf: oneOf.map((branch) => withTemplates(branch as JsonSchema)) }),
    ...(typeof items === 'object' && { items: withTemplates(items as JsonSchema) }),
    ...(properties !== undefined && { properties: mapped(properties, withTemplates) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: withTemplates(additionalProperties) }),
  };
}

/** Whether it is a single value, and not any text, which a template is as well. */
const isValue = ({ type, pattern, enum: words, const: only }: JsonSchema): boolean =>
  only === undefined &&
  (['number', 'integer', 'boolean'].includes(String(type)) || (type === 'string' && (pattern ?? words) !== undefined));

/** What the node allows, or the other; what is said about the node stays with both. */
function or({ description, default: byDefault, ...node }: JsonSchema, other: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = node;
  const isUnion = anyOf !== undefined && Object.keys(rest).length === 0;
  return {
    ...(description !== undefined && { description }),
    ...(byDefault !== undefined && { default: byDefault }),
    anyOf: [...(isUnion ? anyOf : [node]), other],
  };
}

const mapped = (record: Readonly<Record<string, unknown>>, change: (node: JsonSchema) => JsonSchema) =>
  Object.fromEntries(Object.entries(record).map(([name, node]) => [name, change(node as JsonSchema)]));

/** One branch for each record, with the `type` that the reader removes before it checks the rest. */
function historySchema(): JsonSchema {
  const all: JsonSchema[] = Object.entries(RECORDS).map(([type, schema]) => typed(jsonSchemaOf(schema), type));
  const shared = Object.assign({}, ...all.map(({ $defs }) => $defs ?? {}));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    anyOf: all.map(({ $schema: _, $defs: __, ...schema }) => schema),
    $defs: shared,
  };
}

function typed(schema: JsonSchema, type: string): JsonSchema {
  const typedBranches = (branches: readonly JsonSchema[]) => branches.map((branch) => typed(branch, type));
  if (schema.oneOf !== undefined) return { ...schema, oneOf: typedBranches(schema.oneOf as JsonSchema[]) };
  if (schema.anyOf !== undefined) return { ...schema, anyOf: typedBranches(schema.anyOf as JsonSchema[]) };
  return {
    ...schema,
    properties: { type: { const: type }, ...schema.properties },
    required: ['type', ...(schema.required ?? [])],
  };
}

const textOf = ({ $schema, ...schema }: JsonSchema, title: string) =>
  `${JSON.stringify({ $schema, title, ...schema }, undefined, 2)}\n`;
