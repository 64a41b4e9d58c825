import { isMapping } from '../../../../../model/json.ts';
import { envTemplate } from '../urls.ts';
import type { Mapping } from './reference.ts';

/** Stands for the host where a document says only a path, or nothing. */
const TARGET = envTemplate('TARGET');

/**
 * The URL of the first server that one of the levels names, without a slash at its end. Its variables have their defaults.
 * A relative one, and none at all, begin with a variable of the environment.
 *
 * @param levels operation, path and document: the innermost that has servers counts
 */
export function serverOf(levels: readonly Mapping[]): string {
  const servers = levels.map(({ servers }) => servers).find((list) => Array.isArray(list) && list.length > 0);
  const [server] = Array.isArray(servers) ? servers.filter(isMapping) : [];
  const url = withVariables(String(server?.url ?? ''), isMapping(server?.variables) ? server.variables : {});
  const trimmed = url.replace(/\/+$/, '');
  if (/^https?:\/\//i.test(trimmed) || trimmed.startsWith('{{')) return trimmed;
  if (trimmed.startsWith('//')) return `https:${trimmed}`;
  return TARGET + (trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed.replace(/^(\.\/)+/, '')}`);
}

function withVariables(url: string, variables: Mapping): string {
  return url.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const variable = variables[name];
    const value = isMapping(variable) ? (variable.default ?? [variable.enum].flat()[0]) : undefined;
    return value === undefined ? envTemplate(name) : String(value);
  });
}
