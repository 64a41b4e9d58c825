import { ConfigError } from './config-error.ts';

/** The variables by which Artillery's HTTP engine takes a proxy. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY'] as const;

/**
 * A request that races goes straight to the target: through a proxy, nobody could say when it arrives. So a proxy is
 * refused rather than silently passed by, unless NO_PROXY exempts the target.
 *
 * @throws ConfigError naming the variable
 */
export function checkProxy(target: string, env: Readonly<Record<string, string | undefined>>): void {
  const set = PROXIES.find((name) => env[name]);
  if (set === undefined || isExempt(new URL(target).hostname, env.NO_PROXY ?? env.no_proxy ?? '')) return;
  throw new ConfigError(
    `${set}: is set, and requests that race never go through a proxy; unset it, or add the host of the target to NO_PROXY`,
  );
}

/** Whether a list such as `localhost,.example.com,10.0.0.1` names the host; `*` names all. */
function isExempt(host: string, list: string): boolean {
  return list
    .split(',')
    .map((entry) =>
      entry
        .trim()
        .replace(/:\d+$/, '')
        .replace(/^\*?\./, ''),
    )
    .some((entry) => entry === '*' || (entry !== '' && (host === entry || host.endsWith(`.${entry}`))));
}
