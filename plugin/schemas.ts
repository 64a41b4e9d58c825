import { z } from 'zod';
import { RECORDS } from '../model/history-file.ts';
import { verdictSchema } from '../model/verdict-file.ts';
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
    'config.schema.json': textOf(jsonSchemaOf(raceSchema), 'The block config.plugins.race of an Artillery script'),
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
