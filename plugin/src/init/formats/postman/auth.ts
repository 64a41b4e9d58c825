import type { RequestAuth } from 'postman-collection';
import type { CapturedAuth } from '../../capture.ts';

/** How an item signs in; undefined where it does not, or in a way that takes more than a header. */
export function authOf(auth: RequestAuth | undefined, resolve: (text: string) => string): CapturedAuth | undefined {
  const parameters = auth?.parameters?.();
  const get = (name: string): string | undefined => {
    const value: unknown = parameters?.get?.(name);
    const text = value === undefined || value === null ? '' : resolve(String(value));
    return text === '' ? undefined : text;
  };
  switch (auth?.type as string | undefined) {
    case 'basic':
      return { scheme: 'basic', ...given('username', get('username')), ...given('password', get('password')) };
    case 'bearer':
      return { scheme: 'bearer', ...given('token', get('token')) };
    case 'jwt':
      return { scheme: 'bearer' };
    case 'apikey': {
      const place = get('in') === 'query' ? 'query' : 'header';
      return { scheme: 'api-key', in: place, name: get('key') ?? 'X-API-Key', ...given('value', get('value')) };
    }
    case 'oauth2':
      return oauth2Of(get);
    default:
      return undefined;
  }
}

/** A token that was fetched in Postman is used; a grant that needs a browser leaves one that somebody has to paste. */
function oauth2Of(get: (name: string) => string | undefined): CapturedAuth {
  const token = get('accessToken');
  const tokenUrl = get('accessTokenUrl');
  if (token !== undefined || tokenUrl === undefined) return { scheme: 'bearer', ...given('token', token) };
  const clientId = given('clientId', get('clientId'));
  switch (get('grant_type')) {
    case 'password_credentials':
      return { scheme: 'oauth2-password', tokenUrl, ...clientId };
    case 'client_credentials':
      return { scheme: 'oauth2-client', tokenUrl, ...clientId };
    default:
      return { scheme: 'bearer' };
  }
}

/** A key that is absent where there is no value. */
const given = <K extends string>(key: K, value: string | undefined): { readonly [key in K]?: string } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: string };
