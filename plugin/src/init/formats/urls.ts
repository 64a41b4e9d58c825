import type { CapturedAuth } from '../capture.ts';
import { environmentName, environmentTemplate } from '../variables.ts';

/** A variable that the input reads and does not define, as a suite writes it. */
export const envTemplate = (name: string): string => environmentTemplate(envName(name));

/** Shells and this tool give these a meaning, and what is set already wins over an `.env`. */
const TAKEN =
  /^(ORDER_.*|ARTILLERY_.*|CI|DEBUG|DISPLAY|EDITOR|HOME|HOST|HOSTNAME|LANG|LOGNAME|NAME|NODE_.*|PATH|PWD|SHELL|TERM|TMPDIR|USER|USERNAME)$/;

/** The name of a variable of the environment: `baseUrl`, `base-url` and `base url` are BASE_URL; `user` is API_USER. */
export function envName(name: string): string {
  const words = environmentName(name);
  return /^[A-Z]/.test(words) && !TAKEN.test(words) ? words : `API_${words}`;
}

/** Method and path, as people say it: `POST /orders`. */
export const spokenName = (method: string, url: string): string => `${method} ${pathOf(url)}`;

/** The path of a URL that may begin with a variable: `{{ $env.BASE_URL }}/orders?x=1` has `/orders`. */
export function pathOf(url: string): string {
  const path = url.replace(/^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*|\{\{[^}]*\}\})/i, '').replace(/[?#].*$/s, '');
  return path === '' ? '/' : path;
}

/** A URL without `user:password@`, and what stood there. */
export function splitCredentials(url: string): { readonly url: string; readonly auth?: CapturedAuth } {
  const [, scheme, user, rest] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@(.*)$/is.exec(url) ?? [];
  if (scheme === undefined || user === undefined || rest === undefined) return { url };
  const [username = '', ...password] = user.split(':');
  const secret = password.length === 0 ? {} : { password: decoded(password.join(':')) };
  return { url: scheme + rest, auth: { scheme: 'basic', username: decoded(username), ...secret } };
}

/** Undoes the escapes of a URL; a text with broken ones stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
