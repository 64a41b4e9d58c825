import { isMapping } from '../model/json.ts';
import { isRaced } from '../plugin/src/artillery/shared/raced-steps.ts';
import { renderEnv } from '../plugin/src/config/index.ts';
import type { Env } from './invocation.ts';
import type { PreparedScenario } from './prepare.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** What a virtual user does before its first raced request, and how it sends that. */
export interface WayToTheRace {
  /** `POST /login`, `function pickUser`: each may be what signs it in. */
  readonly steps: readonly string[];
  /** The first raced request, as the suite has it; undefined where there is none. */
  readonly raced: Readonly<Record<string, unknown>> | undefined;
}

/** The way of the first scenario that races. */
export function wayToTheRace({ sections }: Pick<PreparedScenario, 'sections'>): WayToTheRace {
  const steps: string[] = flowsOf(sections.before).flatMap((flow) => walk(flow).steps);
  for (const scenario of listOf(sections.scenarios)) {
    if (!isMapping(scenario)) continue;
    const { steps: own, raced } = walk(scenario.flow);
    if (raced === undefined) continue;
    const hooks = [scenario.beforeScenario, scenario.beforeRequest, raced.beforeRequest].flatMap(listOf);
    return { steps: [...steps, ...own, ...hooks.map((name) => `function ${name}`)], raced };
  }
  return { steps, raced: undefined };
}

function walk(flow: unknown): { steps: string[]; raced?: Readonly<Record<string, unknown>> } {
  const steps: string[] = [];
  for (const step of listOf(flow)) {
    if (!isMapping(step)) continue;
    for (const [key, part] of Object.entries(step)) {
      if (key === 'function') steps.push(`function ${part}`);
      else if (Array.isArray(part)) {
        const below = walk(part);
        steps.push(...below.steps);
        if (below.raced !== undefined) return { steps, raced: below.raced };
      } else if (METHODS.includes(key) && isMapping(part)) {
        if (isRaced(part)) return { steps, raced: part };
        steps.push(`${key.toUpperCase()} ${part.url}`);
      }
    }
  }
  return { steps };
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

const flowsOf = (section: unknown): readonly unknown[] => (isMapping(section) ? [section.flow] : []);

/**
 * The headers of the first raced request, names and values in turn, as far as they are known without a virtual user. A header
 * that takes a captured value is left out.
 */
export function knownHeaders(raced: WayToTheRace['raced'], config: PreparedScenario['config'], env: Env): string[] {
  const http = isMapping(config.http) ? config.http : {};
  const defaults = [http.defaults, config.defaults].find((block) => isMapping(block) && isMapping(block.headers));
  const written = { ...(isMapping(defaults) ? (defaults.headers as object) : {}), ...(raced?.headers as object) };
  const headers = Object.entries(written).flatMap(([name, value]) => {
    const text = filled(String(value), config.variables, env);
    return text === undefined ? [] : [name, text];
  });
  const { user, pass = '' } = isMapping(raced?.auth) ? raced.auth : {};
  const secret = user === undefined ? undefined : filled(`${user}:${pass}`, config.variables, env);
  if (secret === undefined) return headers;
  // As Artillery's client sends it; btoa takes only Latin-1.
  return [...headers, 'Authorization', `Basic ${Buffer.from(secret).toString('base64')}`];
}

/** Undefined where a template stays that only a virtual user can fill. */
function filled(text: string, variables: unknown, env: Env): string | undefined {
  const known = isMapping(variables) ? variables : {};
  const rendered = String(renderEnv(text, env) ?? '').replace(/\{\{\s*([\w.]+)\s*\}\}/g, (template, name: string) => {
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    return ['string', 'number'].includes(typeof value) ? String(value) : template;
  });
  return rendered.includes('{{') ? undefined : rendered;
}
