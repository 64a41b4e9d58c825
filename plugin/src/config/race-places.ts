import { METHODS } from 'node:http';
import { isMapping } from '../../../model/json.ts';
import type { ConfigProblem } from './config-error.ts';
import { isMisspeltRace } from './misspelt-race.ts';

/** A `race:` line of a request that the plugin can race. */
export interface PlacedLine {
  readonly path: string;
  /** As it is written; `race: false` counts as no line. */
  readonly line: unknown;
}

/** What was found in a part of a script. */
export interface Places {
  readonly lines: readonly PlacedLine[];
  /** Lines where nothing can race, and keys that look like a misspelt `race`. */
  readonly problems: readonly ConfigProblem[];
}

/** Every word of Artillery's HTTP engine that begins a request. `connect` is a step of the WebSocket engine. */
const REQUESTS: ReadonlySet<string> = new Set(
  METHODS.map((method) => method.toLowerCase()).filter((method) => method !== 'connect'),
);
/** The steps that hold other steps. */
const NESTING = ['loop', 'parallel'];

const SUPPORTED = 'only HTTP requests can race: get, post, put, patch, delete';

/** @param engine `config.engine`: the engine of scenarios that name no engine */
export function placesInScenario(scenario: unknown, path: string, engine: unknown): Places {
  if (!isMapping(scenario)) return NOTHING;
  const { flow } = scenario;
  const own = scenario.engine ?? engine ?? 'http';
  const atScenario = lineKeysIn(scenario).map((key) => ({
    path: `${path}.${key}`,
    problem: 'a scenario cannot race as a whole',
    fix: 'move the line into the request that takes the thing away, beside its url',
  }));
  const { lines, problems } = placesInFlow(flow, `${path}.flow`);
  if (own === 'http') return { lines, problems: [...atScenario, ...problems] };
  const notRaced = [...lines, ...problems].map((place) => ({
    path: place.path,
    problem: `the engine ${String(own)} cannot race`,
    fix: SUPPORTED,
  }));
  return { lines: [], problems: [...atScenario, ...notRaced] };
}

/** Looks into every step of a flow, however deep in loops and parallel steps. */
export function placesInFlow(flow: unknown, path: string): Places {
  if (!Array.isArray(flow)) return NOTHING;
  return together(flow.map((step: unknown, index) => placesInStep(step, `${path}.${index}`)));
}

function placesInStep(step: unknown, path: string): Places {
  if (!isMapping(step)) return NOTHING;
  const nesting = NESTING.find((key) => key in step);
  const beside = lineKeysIn(step).map((key) => ({
    path: `${path}.${key}`,
    ...(nesting === undefined
      ? { problem: 'is beside the request', fix: 'move it into the request, beside its url' }
      : { problem: `a ${nesting} cannot race`, fix: `move the line into a request of the ${nesting}` }),
  }));
  const parts = Object.entries(step).map(([key, part]) => placesInPart(key, part, `${path}.${key}`));
  return together([{ lines: [], problems: beside }, ...parts]);
}

function placesInPart(key: string, part: unknown, path: string): Places {
  if (NESTING.includes(key)) return placesInFlow(part, path);
  if (!isMapping(part)) return NOTHING;
  if (!REQUESTS.has(key)) {
    return {
      lines: [],
      problems: isLine(part.race) ? [{ path: `${path}.race`, problem: `${key} cannot race`, fix: SUPPORTED }] : [],
    };
  }
  const misspelt = Object.keys(part)
    .filter((name) => isMisspeltRace(name) && isLine(part[name]))
    .map((name) => ({ path: `${path}.${name}`, problem: 'unknown key', fix: 'did you mean "race"?' }));
  return { lines: isLine(part.race) ? [{ path: `${path}.race`, line: part.race }] : [], problems: misspelt };
}

/** The keys of a scenario or step that are meant as a `race:` line. */
const lineKeysIn = (part: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(part).filter((key) => (key === 'race' || isMisspeltRace(key)) && isLine(part[key]));

const isLine = (value: unknown): boolean => value !== undefined && value !== false;

const NOTHING: Places = { lines: [], problems: [] };

const together = (places: readonly Places[]): Places => ({
  lines: places.flatMap(({ lines }) => lines),
  problems: places.flatMap(({ problems }) => problems),
});

/** The paths of keys named `race` in what requests send, such as `scenarios.0.flow.0.post.json.race`. */
export function raceKeysInBodies(node: unknown, path: string): string[] {
  if (Array.isArray(node)) return node.flatMap((item, index) => raceKeysInBodies(item, `${path}.${index}`));
  if (!isMapping(node)) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key.toLowerCase() === 'race' && value !== false ? [`${path}.${key}`] : raceKeysInBodies(value, `${path}.${key}`),
  );
}
