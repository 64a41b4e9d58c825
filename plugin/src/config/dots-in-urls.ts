import { isMapping } from '../../../model/json.ts';
import type { ConfigProblem } from './config-error.ts';

/** A template that is a whole part of a path, such as that of `/seats/{{ seat }}/hold`. */
const WHOLE_PART = /\/\{\{[^{}]*\}\}(?=\/|[?#]|$)/;

/**
 * A seat called `.` or `..` that may stand in the path of a request. Every URL drops such a part, encoded or not, and then the
 * request is about something else.
 */
export function dotsInUrls(scenarios: unknown, inventories: readonly { readonly key: string }[]): ConfigProblem[] {
  const lost = inventories.find(({ key }) => key === '.' || key === '..');
  if (lost === undefined) return [];
  return urlsIn(scenarios, 'scenarios')
    .filter(({ url }) => WHOLE_PART.test(url.replace(/^\s*https?:\/\/[^/]*/i, '')))
    .map(({ path }) => ({
      path,
      problem: `no URL can name ${JSON.stringify(lost.key)} in its path`,
      fix: 'name it otherwise',
    }));
}

function urlsIn(node: unknown, path: string): { readonly path: string; readonly url: string }[] {
  if (Array.isArray(node)) return node.flatMap((item: unknown, index) => urlsIn(item, `${path}.${index}`));
  if (!isMapping(node)) return [];
  const { url } = node;
  if (typeof url === 'string') return [{ path: `${path}.url`, url }];
  return Object.entries(node).flatMap(([key, value]) => urlsIn(value, `${path}.${key}`));
}
