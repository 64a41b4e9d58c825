import { RECORDS } from '../model/history-file.ts';
import { verdictSchema } from '../model/verdict-file.ts';
import { type JsonSchema, jsonSchemaOf, mapped, or, PLACEHOLDERS, placeholder, withTemplates } from './json-schema.ts';
import { NAMEABLE } from './src/config/named-values.ts';
import { raceSchema } from './src/config/schema.ts';
import { suiteSchema } from './suite-schema.ts';

/**
 * The published JSON Schemas of a line of `history.jsonl`, of `verdict.json`, of the plugin's block and of a whole suite. They are
 * made from the schemas that the program itself checks with.
 *
 * @returns the text of each file of plugin/schema, by its name
 */
export function schemaFiles(): Record<string, string> {
  return {
    'history.schema.json': textOf(historySchema(), 'One line of history.jsonl'),
    'verdict.schema.json': textOf(jsonSchemaOf(verdictSchema), 'verdict.json'),
    'config.schema.json': textOf(configSchema(), 'The block config.plugins.race of an Artillery script'),
    'suite.schema.json': textOf(suiteSchema(configSchema()), 'An Artillery suite that races'),
  };
}

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
