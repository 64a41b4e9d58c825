import { isMapping } from '../../../../../model/json.ts';
import type { CapturedAuth } from '../../capture.ts';
import type { Mapping, References } from './reference.ts';

/**
 * How a caller of this operation signs in. Of several ways the first counts; of one with several parts, each is returned, the
 * API keys last: they stand beside whatever else signs in.
 *
 * @param server relative token URLs begin here
 */
export function securityOf(operation: Mapping, references: References, server: string): CapturedAuth[] {
  const { document } = references;
  const ways = (operation.security ?? document.security) as unknown;
  // An empty way means that signing in is not needed.
  const [way] = Array.isArray(ways) ? ways.filter((one) => isMapping(one) && Object.keys(one).length > 0) : [];
  const schemes = references.follow(references.follow(document.components).securitySchemes);
  const parts = Object.keys(way ?? {}).flatMap((name) => authOf(references.follow(schemes[name]), server) ?? []);
  const isKey = ({ scheme }: CapturedAuth) => scheme === 'api-key';
  return parts.toSorted((a, b) => Number(isKey(a)) - Number(isKey(b)));
}

function authOf(scheme: Mapping, server: string): CapturedAuth | undefined {
  switch (scheme.type) {
    case 'apiKey':
      return scheme.in === 'header' || scheme.in === 'query' || scheme.in === 'cookie'
        ? { scheme: 'api-key', in: scheme.in, name: String(scheme.name) }
        : undefined;
    case 'http': {
      const name = String(scheme.scheme).toLowerCase();
      return name === 'basic' || name === 'bearer' ? { scheme: name } : undefined;
    }
    case 'oauth2':
      return oauth2Of(scheme.flows, server);
    case 'openIdConnect':
      return { scheme: 'bearer' };
    default:
      return undefined;
  }
}

/** A flow that needs a browser leaves a token that somebody has to paste. */
function oauth2Of(flows: unknown, server: string): CapturedAuth {
  const { password, clientCredentials } = isMapping(flows) ? flows : {};
  if (isMapping(password)) return { scheme: 'oauth2-password', tokenUrl: absolute(password.tokenUrl, server) };
  if (isMapping(clientCredentials)) {
    return { scheme: 'oauth2-client', tokenUrl: absolute(clientCredentials.tokenUrl, server) };
  }
  return { scheme: 'bearer' };
}

function absolute(tokenUrl: unknown, server: string): string {
  const url = String(tokenUrl ?? '');
  if (/^https?:\/\//i.test(url)) return url;
  if (!server.startsWith('{{')) return URL.parse(url, `${server}/`)?.href ?? url;
  return url.startsWith('/') ? server.replace(/\}\}.*$/s, '}}') + url : `${server}/${url}`;
}
