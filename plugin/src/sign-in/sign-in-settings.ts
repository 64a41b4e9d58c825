import { dirname, resolve } from 'node:path';

/** Where the settings of a sign-in come from. */
export interface SignInSources {
  /** `config.variables.signIn` of the scenario, as written. */
  readonly signIn: unknown;
  /** ORDER_TOKEN, which wins over everything. */
  readonly token: string | undefined;
  /** Base URL of the target; a token URL such as `/oauth/token` is on that host. */
  readonly target: string | undefined;
  /** Path of the scenario; the path of a CSV of identities is relative to that folder. */
  readonly scenarioFile: string | undefined;
  /** Renders `{{ … }}`. A text that is just one variable renders to `undefined` if the variable is not set. */
  readonly render: (text: string) => unknown;
}

/** The settings for `createSignIn`: rendered, and resolved against the target and the scenario, but not checked. */
export function signInSettings(sources: SignInSources): unknown {
  const given = sources.signIn ?? {};
  // createSignIn reports it: the settings must be a mapping.
  if (typeof given !== 'object' || Array.isArray(given)) return given;

  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const rendered: unknown = typeof value === 'string' ? sources.render(value) : value;
    // If an environment variable is not set, the line counts as left out.
    if (rendered === undefined || rendered === null || rendered === '') continue;
    settings[key] = typeof rendered === 'string' ? resolved(key, rendered, sources) : rendered;
  }
  if (sources.token) settings.token = sources.token;
  return settings;
}

function resolved(key: string, value: string, { target = '', scenarioFile }: SignInSources): string {
  if (key === 'tokenUrl' && value.startsWith('/')) return URL.parse(value, target)?.href ?? value;
  if (key === 'identities' && scenarioFile !== undefined) return resolve(dirname(scenarioFile), value);
  return value;
}
