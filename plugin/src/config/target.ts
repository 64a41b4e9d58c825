import { ConfigError } from './config-error.ts';
import type { Overrides } from './environment-variables.ts';
import { withStars } from './public-url.ts';

/** Where the URL of the target may be written. */
interface TargetSources {
  /** ORDER_BASE_URL and ORDER_TOKEN, if they are set and this suite reads them. */
  readonly overrides: Pick<Overrides, 'areWanted' | 'baseUrl' | 'token'>;
  /** `target` of the script or the environment. */
  readonly declared: string | undefined;
  /** The YAML path of `declared`. */
  readonly path: string;
  /** The environment variables, e.g. `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The URL of the target. It may hold credentials.
 *
 * @throws ConfigError if it is missing or not a URL, if a proxy is set, or if both it and ORDER_TOKEN hold credentials
 */
export function targetOf({ overrides, declared, path, env }: TargetSources): string {
  const target = overrides.baseUrl ?? declared;
  const where = overrides.baseUrl === undefined ? path : 'ORDER_BASE_URL';
  if (target === undefined || isUnknownTarget(target)) {
    const fix = `set it${overrides.areWanted ? ', or ORDER_BASE_URL,' : ''} to the URL that books`;
    throw new ConfigError({ path: where, problem: 'missing', fix });
  }
  const url = URL.parse(target);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new ConfigError({
      path: where,
      fix: 'must be a URL such as https://api.example.com/orders',
      received: `"${withStars(target).slice(0, 80)}"`,
    });
  }
  checkProxy(url, env);
  if (overrides.token !== undefined && url.username !== '') {
    // The HTTP client sends the credentials of the URL in place of any Authorization header.
    const problem = 'is set, and the target holds credentials too';
    throw new ConfigError({ path: 'ORDER_TOKEN', problem, fix: 'only one of them can be sent' });
  }
  return target;
}

/** Artillery wants a target in every script, so one that is not known yet has a host that cannot exist (RFC 2606). */
export function isUnknownTarget(target: unknown): boolean {
  if (typeof target !== 'string' || target.trim() === '') return true;
  return URL.parse(target)?.hostname.endsWith('.invalid') === true;
}

/** The variables from which Artillery's HTTP engine takes a proxy. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY'] as const;

/**
 * Raced requests go straight to the target, because nobody could say when they arrive through a proxy. A proxy is refused
 * rather than silently bypassed, unless NO_PROXY exempts the target.
 */
function checkProxy({ hostname }: URL, env: TargetSources['env']): void {
  const proxy = PROXIES.find((name) => env[name]);
  if (proxy === undefined || isExempt(hostname, env.NO_PROXY ?? env.no_proxy ?? '')) return;
  throw new ConfigError({
    path: proxy,
    problem: 'is set, and requests that race never go through a proxy',
    fix: 'unset it, or add the host of the target to NO_PROXY',
  });
}

/** Whether a list such as `localhost,.example.com,10.0.0.1` names the host; `*` names every host. */
function isExempt(host: string, list: string): boolean {
  const entries = list.split(',').map((entry) =>
    entry
      .trim()
      .replace(/:\d+$/, '')
      .replace(/^\*?\./, ''),
  );
  return entries.some((entry) => entry === '*' || (entry !== '' && (host === entry || host.endsWith(`.${entry}`))));
}
