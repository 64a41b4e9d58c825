import { isMapping } from '../model/json.ts';
import { renderEnv } from '../plugin/src/config/index.ts';
import { createSignIn, signInSettings } from '../plugin/src/sign-in/index.ts';

/** What a sign-in before the race needs to know. */
export interface SignInCheck {
  /** The merged `config` of the scenario. */
  readonly config: { readonly variables?: { readonly signIn?: unknown } };
  readonly scenarioFile: string;
  readonly target: string;
  readonly contenders: number;
  /** Rows of `signIn.identities` that no virtual user gets. */
  readonly reserved: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * Signs in the first virtual user, if the scenario signs in at all. A token from ORDER_TOKEN is not checked: only the
 * target can tell whether it is good. Returns the token; undefined if nobody signs in, or the signal aborts.
 *
 * @throws SignInError if the sign-in is refused
 */
export async function checkSignIn(check: SignInCheck): Promise<string | undefined> {
  const { config, scenarioFile, target, contenders, reserved, env, signal } = check;
  const settings = signInSettings({
    signIn: config.variables?.signIn,
    token: env.ORDER_TOKEN,
    target,
    scenarioFile,
    render: (text) => renderEnv(text, env),
  });
  return Promise.race([createSignIn(settings, { vus: contenders, reserved }).tokenFor(1), aborted(signal)]);
}

/**
 * Whether a suite signs in by `variables.signIn`. The bundled scenarios do; in a suite of the user's own, a variable of that
 * name may be something else.
 */
export function signsIn(variables: unknown, isBundled: boolean): boolean {
  const signIn = isMapping(variables) ? variables.signIn : undefined;
  return isBundled || (isMapping(signIn) && ['grant', 'tokenUrl', 'identities', 'token'].some((key) => key in signIn));
}

/** Resolves when the signal aborts. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
