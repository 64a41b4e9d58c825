import type { Item } from 'postman-collection';
import type { CapturedRequest } from '../../capture.ts';
import { envTemplate } from '../urls.ts';

/** `pm.environment.set("token", pm.response.json().access_token)`, or what a variable with that answer has. */
const SETS =
  /\.(?:set|setEnvironmentVariable|setGlobalVariable)\(\s*["'`]([\w.-]+)["'`]\s*,\s*(?:[\w.]*\.json\(\)|JSON\.parse\([^()]*\)|\w+)((?:\.[A-Za-z_]\w*)+)\s*\)/g;
const MAX_SCRIPT = 20_000;

/** The variables that the scripts of a request take from its answer: mostly the token of a sign-in. */
export function variablesSetBy(item: Item): NonNullable<CapturedRequest['sets']> {
  const scripts = item.events
    .all()
    .filter(({ listen }) => listen === 'test')
    .map(({ script }) => [script?.exec ?? ''].flat().join('\n').slice(0, MAX_SCRIPT));
  return [...scripts.join('\n').matchAll(SETS)].map(([, name = '', path = '']) => ({
    template: envTemplate(name),
    json: `$${path}`,
  }));
}
