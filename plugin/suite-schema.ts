import { type JsonSchema, jsonSchemaOf, mapped, PLACEHOLDERS } from './json-schema.ts';
import { MISSPELT_RACE } from './src/config/misspelt-race.ts';
import { writtenLine, writtenOnce, writtenSettles } from './src/config/race-line.ts';

/*
 * A whole suite, for editors. What is ours is checked word by word. What is Artillery's, or belongs to other plugins and engines, is
 * described and left open: no right suite may be marked as wrong.
 */

const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });
const said = (description: string, schema: JsonSchema = {}): JsonSchema => ({ description, ...schema });
const listOf = (name: string): JsonSchema => ({ type: 'array', items: ref(name) });
/** Anything but a `race:` line; `false` counts as no line. */
const NO_LINE = said('A `race:` line stands in the request, beside its url', { const: false });
const NO_LINE_INSIDE: JsonSchema = { properties: { race: NO_LINE } };
const NO_MISSPELT_RACE = { [MISSPELT_RACE]: false } as unknown as Record<string, JsonSchema>;

/**
 * @param block the schema of `config.plugins.race`, with its `$defs`
 * @returns a schema that refers to nothing outside itself, in the draft that every editor knows
 */
export function suiteSchema(block: JsonSchema): JsonSchema {
  const { $schema: _, $defs = {}, ...race } = block;
  const ours = { ...$defs, Race: race, ...lineSchemas() };
  return inDraft7({
    type: 'object',
    properties: {
      config: said('How the suite runs: its target, its virtual users and its plugins', ref('Config')),
      scenarios: said('What each virtual user does', listOf('Scenario')),
      before: said('A flow that runs once, before the first virtual user starts', ref('BeforeOrAfter')),
      after: said('A flow that runs once, after the last virtual user has ended', ref('BeforeOrAfter')),
      plugins: said('Belongs under `config`: Artillery ignores it here', { not: { required: ['race'] } }),
    },
    $defs: { ...artillerysOwn(), ...ours, ...mapped(mergedInto(ours), withoutRequired) },
  });
}

/** The kinds of `race:` line as they are written, with templates. */
function lineSchemas(): Record<string, JsonSchema> {
  const kinds = { RaceLine: writtenLine, OnceLine: writtenOnce, SettlesLine: writtenSettles };
  const schemas = Object.entries(kinds).map(([name, schema]) => [name, jsonSchemaOf(schema)] as const);
  return {
    ...Object.assign({}, ...schemas.map(([, { $defs }]) => $defs ?? {})),
    ...Object.fromEntries(schemas.map(([name, { $schema: _, $defs: __, ...schema }]) => [name, schema])),
    Line: said('Holds this request until all who go for the same thing are ready, and then releases them at once', {
      anyOf: [
        said('What the request goes for, such as "{{ $loopElement }}"', { type: 'string', pattern: '\\S' }),
        { type: 'number' },
        { const: false },
        ...Object.keys(kinds).map(ref),
      ],
    }),
  };
}

/**
 * The block of a suite with environments: the settings that one of them needs may be in the other, so no key is required in
 * either. These are copies of the definitions, under names of their own.
 */
const mergedInto = (definitions: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(definitions)
      .filter(([name]) => !LINES.includes(name) && !(name in PLACEHOLDERS))
      .map(([name, schema]) => [`${name}${PART}`, renamed(schema)]),
  );

const LINES = ['Line', 'RaceLine', 'OnceLine', 'SettlesLine'];
const PART = 'Part';

const renamed = (schema: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(schema), (key, value) => {
    const name = key === '$ref' ? String(value).split('/').at(-1) : undefined;
    return name === undefined || name in PLACEHOLDERS ? value : `${value}${PART}`;
  });

const withoutRequired = (schema: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(schema), (key, value) => (key === 'required' && Array.isArray(value) ? undefined : value));

/** `$defs` and what refers to it, under the name that older readers know. */
const inDraft7 = ({ $defs, ...schema }: JsonSchema): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...JSON.parse(JSON.stringify({ ...schema, definitions: $defs }).replaceAll('"#/$defs/', '"#/definitions/')),
});

const plugins = (race: string): JsonSchema =>
  said('The plugins of the suite, by their names', {
    type: 'object',
    properties: {
      race: said('Races requests, and judges who won: the plugin artillery-plugin-race', {
        anyOf: [ref(race), { type: 'null' }],
      }),
    },
    patternProperties: NO_MISSPELT_RACE,
  });

/** Keys of `config` that an environment may have as well. */
const SETTINGS: Record<string, JsonSchema> = {
  target: said('The address of the system under test; paths of requests are below it'),
  phases: said('When virtual users start. A race needs one phase with an `arrivalCount`', {
    anyOf: [
      {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: said('The name of the phase'),
            duration: said('How long virtual users go on starting: seconds, or a text such as `2m`'),
            arrivalCount: said('How many virtual users start in all: the contenders of a race'),
            arrivalRate: said('How many virtual users start in each second'),
            rampTo: said('The arrival rate at the end of the phase'),
            maxVusers: said('How many virtual users may be active at once'),
            pause: said('Seconds in which nobody starts'),
          },
        },
      },
      ref('Template'),
    ],
  }),
  variables: said('Values for templates: `{{ name }}`. One of a list is drawn at random'),
  payload: said('CSV files with values for templates'),
  processor: said('The file with the functions of the suite, relative to it'),
  http: said('Settings of the HTTP engine, such as `timeout` in seconds'),
  tls: said('Certificates: `ca`, `cert`, `key`, `pfx`, `passphrase`, `servername`, `rejectUnauthorized`'),
  engines: said('Settings of other engines, by their names'),
  engine: said('The engine of scenarios that name no engine. Default: http'),
  ensure: said('Conditions on metrics; a broken one ends the run with exit code 1'),
  bundling: said('Packages that a processor in TypeScript loads at run time: `external`'),
};

const hooks = (...names: readonly string[]): Record<string, JsonSchema> =>
  Object.fromEntries(names.map((name) => [name, said('The name of a function of the processor, or a list')]));

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];
const STEPS: Record<string, JsonSchema> = {
  count: said('How often a loop runs'),
  over: said('What a loop runs over: `$inventories`, the name of a list, or a list'),
  whileTrue: said('A function that says whether a loop goes on'),
  think: said('A pause: seconds, or a text such as `500ms`'),
  log: said('A text to print'),
  function: said('The name of a function of the processor'),
};

const REQUEST: Record<string, JsonSchema> = {
  url: said('The path below the target, or a whole URL', { type: 'string' }),
  race: ref('Line'),
  name: said('A name for metrics, where the URL differs from request to request'),
  headers: said('The headers of the request'),
  cookie: said('The cookies of the request'),
  qs: said('The query string, as a mapping'),
  json: said('The body, sent as JSON'),
  form: said('The body, sent as a form'),
  formData: said('The body, sent as multipart/form-data'),
  body: said('The body as it stands'),
  auth: said('Basic authentication: `user` and `pass`'),
  capture: said('Parts of the answer to keep as variables'),
  expect: said('Expectations of the plugin `expect`'),
  ifTrue: said('The request is sent if this expression holds'),
  probability: said('The share of virtual users that send the request, from 0 to 100'),
  followRedirect: said('Whether redirects are followed. Default: true'),
  ...hooks('beforeRequest', 'afterResponse'),
};

/** What Artillery itself knows, and where a `race:` line may stand in it. */
function artillerysOwn(): Record<string, JsonSchema> {
  return {
    Config: configSchema(),
    Environment: {
      type: ['object', 'null'],
      properties: { ...SETTINGS, plugins: { ...plugins(`Race${PART}`), type: ['object', 'null'] } },
    },
    Scenario: scenarioSchema(),
    BeforeOrAfter: { type: 'object', properties: { flow: listOf('StepWithoutRace') } },
    Step: {
      type: 'object',
      properties: {
        ...Object.fromEntries(
          METHODS.map((method) => [method, said(`Sends a ${method.toUpperCase()}`, ref('Request'))]),
        ),
        loop: said('Steps that are repeated: `over` a list, or `count` times', listOf('Step')),
        parallel: said('Requests that are sent together', listOf('Step')),
        ...STEPS,
        ...Object.fromEntries(['emit', 'send', 'connect'].map((name) => [name, NO_LINE_INSIDE])),
        race: NO_LINE,
      },
      patternProperties: NO_MISSPELT_RACE,
    },
    StepWithoutRace: {
      properties: { loop: listOf('StepWithoutRace'), parallel: listOf('StepWithoutRace'), race: NO_LINE },
      additionalProperties: NO_LINE_INSIDE,
    },
    Request: { type: 'object', properties: REQUEST, patternProperties: NO_MISSPELT_RACE },
  };
}

function configSchema(): JsonSchema {
  const sharesEnvironments: JsonSchema = { type: 'object', required: ['environments'] };
  const inBlock: JsonSchema = { properties: { race: sharesEnvironments }, required: ['race'] };
  return {
    type: 'object',
    properties: {
      ...SETTINGS,
      environments: said('Settings that replace those of `config`, by the name given with `-e`', {
        type: ['object', 'null'],
        additionalProperties: ref('Environment'),
      }),
      plugins: said('The plugins of the suite, by their names'),
    },
    if: { anyOf: [{ required: ['environments'] }, { properties: { plugins: inBlock }, required: ['plugins'] }] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { plugins: plugins(`Race${PART}`) } },
    else: { properties: { plugins: plugins('Race') } },
  };
}

function scenarioSchema(): JsonSchema {
  return {
    type: 'object',
    properties: {
      name: said('The name of the scenario'),
      engine: said('The engine that runs its flow. Only `http` can race. Default: http'),
      weight: said('How often the scenario is drawn, beside the others. Default: 1'),
      flow: said('The steps of a virtual user, in order'),
      ...hooks('beforeScenario', 'afterScenario', 'beforeRequest', 'afterResponse', 'onError'),
      race: NO_LINE,
    },
    patternProperties: NO_MISSPELT_RACE,
    if: { required: ['engine'], properties: { engine: { not: { const: 'http' } } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { flow: listOf('StepWithoutRace') } },
    else: { properties: { flow: listOf('Step') } },
  };
}
