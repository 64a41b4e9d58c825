// node tools/options-page.ts
//
// Writes docs/options.md from the schemas that the program checks its input with. A test compares the two.

import fs from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { ENVIRONMENT_VARIABLES, type EnvironmentVariable } from '../plugin/src/config/environment-variables.ts';
import { writtenLine, writtenOnce, writtenSettles } from '../plugin/src/config/race-line.ts';
import { raceSchema } from '../plugin/src/config/schema.ts';
import { environmentSchema } from '../plugin/src/config/shared-environments.ts';
import { signInSchema } from '../plugin/src/sign-in/index.ts';

/** The parts of a JSON Schema that the page shows. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly deprecated?: boolean;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

/** A row of a table; the cells are Markdown. */
export interface OptionRow {
  readonly option: string;
  readonly value: string;
  readonly fallback: string;
  readonly description: string;
}

/** The tables of the page, by their headings. */
export function optionTables(): Readonly<Record<string, readonly OptionRow[]>> {
  const block = jsonSchemaOf(raceSchema);
  const sections = Object.entries(block.properties ?? {}).map(([name, node]) => [name, rowsBelow(node)] as const);
  return {
    block: rowsBelow(block),
    ...Object.fromEntries(sections.filter(([, rows]) => rows.length > 0)),
    conditions: rowsBelow(block.$defs?.Condition ?? {}),
    comparisons: rowsBelow(block.$defs?.Comparison ?? {}),
    extractors: ['FromHeader', 'FromText'].flatMap((name) => rowsBelow(block.$defs?.[name] ?? {})),
    fromRequest: rowsBelow(block.$defs?.InventoriesFromRequest ?? {}),
    fromCsv: rowsBelow(block.$defs?.InventoriesFromCsv ?? {}),
    line: rowsBelow(jsonSchemaOf(writtenLine)),
    once: rowsBelow(jsonSchemaOf(writtenOnce)),
    settles: rowsBelow(jsonSchemaOf(writtenSettles)),
    environment: rowsBelow(jsonSchemaOf(environmentSchema)),
    signIn: rowsBelow(jsonSchemaOf(signInSchema)),
  };
}

/** The reference page, as Markdown. */
export function optionsPage(): string {
  const { block = [], line = [], once = [], settles = [], environment = [], signIn = [], ...parts } = optionTables();
  const { conditions = [], comparisons = [], extractors = [], fromRequest = [], fromCsv = [], ...sections } = parts;
  return `<!-- Made by \`npm run generate\` from the schemas in plugin/src/config and processors: change those. -->

# Options

An option may be left out, unless its default says that it is required. One that ends in \`Ms\` is a time in milliseconds.

## The plugin's block

\`config.plugins.race\` of a script, or \`plugins.race\` of an environment.

${optionTable(block)}
${Object.entries(sections)
  .map(([name, rows]) => `### ${name}\n\n${optionTable(rows)}\n`)
  .join('')}### Conditions

A condition on an answer. Everything that it names must hold. A text is a pattern exactly if it is written as \`/…/\` with valid
flags, such as \`/sold out/i\`; \`{ in: ["/sold/"] }\` is the text itself.

${optionTable(conditions)}
A value in \`body\` may be compared:

${optionTable(comparisons)}
### Extractors

Where a value is found in an answer: a JSONPath such as \`$.order.id\`, or a mapping with \`header\` or \`text\`. Numbers become text
exactly as they are written.

${optionTable(extractors)}
### Inventories from elsewhere

\`inventories\` may be a request that lists them. Further names are fields of each inventory, with their JSONPaths:
\`{ get: /seats, each: "$.seats[*]", key: $.id, quota: $.quota_id }\` gives \`{{ $inventory.quota }}\` to the flow.

${optionTable(fromRequest)}
Or a CSV file. Its other columns are fields.

${optionTable(fromCsv)}
## The \`race:\` line of a request

\`race: A1\` is short for \`race: { inventory: A1 }\`. A value may be a template. Some keys are for some rules only.

${optionTable(line)}
\`race: { once: … }\`: all wait at that place, one of them sends the request, and all get its answer.

${optionTable(once)}
\`race: { settles: … }\`: an ordinary request, whose answer decides the attempt before it.

${optionTable(settles)}
## An environment

A block of the file that \`environments\` names.

${optionTable(environment)}
## Signing in

\`variables.signIn\` of an environment, for the bundled scenarios.

${optionTable(signIn)}
## Environment variables

They win over the YAML of the bundled scenarios, and of every suite with \`orderVariables: true\`. Other suites ignore them and say so, except
for those about machines. An empty one counts as not set.

${variableTable(Object.entries(ENVIRONMENT_VARIABLES))}`;
}

const jsonSchemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

/** The options of the mappings that a value may be, or that a list may hold. Several mappings may share an option. */
function rowsBelow(node: JsonSchema): readonly OptionRow[] {
  const rows = new Map<string, OptionRow>();
  for (const mapping of branchesOf(node)) {
    const { properties = {}, required = [] } = mapping;
    const owner = properties.name?.const === undefined ? [] : [`\`${properties.name.const}\``];
    for (const [name, option] of Object.entries(properties)) {
      // A key with only one possible value, such as the name of a rule, is not an option.
      if (option.const !== undefined) continue;
      const known = rows.get(name);
      rows.set(name, {
        option: known === undefined ? [`\`${name}\``, ...owner].join(' of ') : [known.option, ...owner].join(', '),
        value: kindOf(option),
        fallback: required.includes(name) ? 'required' : fallbackOf(option),
        description: (option.description ?? '').replace(FALLBACK, ''),
      });
    }
  }
  return [...rows.values()];
}

/** A union and its lists taken apart. References are left alone: conditions have a table of their own. */
function branchesOf(node: JsonSchema): readonly JsonSchema[] {
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.items === undefined ? [] : [node.items])];
  return [node, ...inner.flatMap(branchesOf)];
}

const KINDS: Readonly<Record<string, string>> = {
  '#/$defs/Condition': '[condition](#conditions)',
  '#/$defs/ReadBackCondition': '[condition](#conditions)',
  '#/$defs/Comparison': '[comparison](#conditions)',
  '#/$defs/Expected': 'value, pattern, [comparison](#conditions)',
  '#/$defs/Extractor': '[extractor](#extractors)',
  '#/$defs/Status': 'status',
  '#/$defs/JSONPath': 'JSONPath',
  '#/$defs/InventoriesFromRequest': 'mapping',
  '#/$defs/InventoriesFromCsv': 'mapping',
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
  object: 'mapping',
};

/** Which values an option takes, in a few words. */
function kindOf(node: JsonSchema): string {
  const { $ref, anyOf, oneOf, items, type } = node;
  const branches = anyOf ?? oneOf;
  if (branches !== undefined) {
    const kinds = branches
      .filter(({ deprecated }) => deprecated !== true)
      .flatMap((branch) => kindOf(branch).split(', '));
    return [...new Set(kinds)].filter((kind) => kind !== '').join(', ');
  }
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum !== undefined) return node.enum.map((word) => `\`${word}\``).join(', ');
  if (items !== undefined) return `list of: ${kindOf(items)}`;
  const kinds = [$ref ?? type ?? []].flat().flatMap((name) => KINDS[name] ?? []);
  return kinds.join(', ');
}

/** A default that is not a fixed value is in the description. */
const FALLBACK = /\.? ?Default: (.*)$/s;

/** A block shows the defaults of its options instead. */
function fallbackOf(node: JsonSchema): string {
  const inWords = FALLBACK.exec(node.description ?? '')?.[1];
  if (inWords !== undefined) return inWords;
  return node.default === undefined || rowsBelow(node).length > 0 ? '' : `\`${flowYaml(node.default)}\``;
}

function flowYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowYaml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flowYaml(inner)}`);
  return `{ ${entries.join(', ')} }`;
}

const optionTable = (rows: readonly OptionRow[]) =>
  markdownTable(
    ['option', 'value', 'default', 'what it does'],
    rows.map(({ option, value, fallback, description }) => [option, value, fallback, description]),
  );

const variableTable = (variables: readonly (readonly [string, EnvironmentVariable])[]) =>
  markdownTable(
    ['variable', 'what it sets', 'default'],
    variables.map(([name, { help, fallback = '' }]) => [`\`${name}\``, help, fallback]),
  );

const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

if (process.argv[1] === import.meta.filename) {
  fs.writeFileSync(path.join(import.meta.dirname, '../docs/options.md'), optionsPage());
}
