import { isMainThread } from 'node:worker_threads';
import { reportProblem } from 'artillery-plugin-race';
import { createSignIn, type SignIn, SignInError } from './sign-in.mts';
import { signInSettings } from './sign-in-settings.mts';

/** As much of Artillery's virtual user as is used here. */
interface Context {
  readonly vars: {
    /** Where requests go. */
    readonly target?: string;
    readonly $scenarioFile?: string;
    /** The virtual user's number, from 1; the plugin `race` sets it. */
    readonly $vu?: number;
    /** How many virtual users there will be, where the plugin says. */
    readonly $vus?: number;
    /** `config.variables.signIn`, see `SignInSettings`. */
    readonly signIn?: unknown;
  };
  readonly funcs: {
    /** Renders `{{ … }}`; a sole variable that is not set renders to `undefined`. */
    readonly $template: (text: string) => unknown;
  };
}

/** As much of Artillery's request, before it is sent, as is used here. */
interface RequestParams {
  headers?: Readonly<Record<string, string>>;
}

/** As much of Artillery's global object, in a worker, as is used here. */
interface Artillery {
  suggestedExitCode?: number;
}

const NO_RACE = 'the plugin "race" is not loaded: nothing was raced, and there is no verdict';
let isNoRaceSaid = false;

/** Built by the first virtual user of this worker, for all of them: they share tokens and requests for tokens. */
let signInOfWorker: SignIn | undefined;

/**
 * Function step, first in the flow: gets the virtual user's token, so that a refusal is found before the first round
 * and not in it.
 *
 * @throws SignInError, after reporting it, when there is no token to be had; the virtual user then stops
 * @throws Error where there is no race to sign in for
 */
export async function signIn(context: Context): Promise<void> {
  checkRace(context);
  await tokenFor(context);
}

/**
 * `beforeRequest` hook: gives the request a token that is good now, over any that the step itself names; nothing where
 * no sign-in is configured.
 *
 * @throws SignInError, after reporting it, when the token could not be renewed
 */
export async function authorise(request: RequestParams, context: Context): Promise<void> {
  const token = await tokenFor(context);
  if (token === undefined) return;
  // A new object: the engine clones a step's parameters shallowly, so these headers are every virtual user's.
  request.headers = { ...request.headers, Authorization: `Bearer ${token}` };
}

/**
 * Artillery goes on without a plugin that it cannot find, and exits with 0. Who comes here would believe that all is well,
 * so the run is made to fail. Sections outside the race (`before`, `after`) run in no worker, and have no number either.
 */
function checkRace({ vars }: Context): void {
  if (vars.$vu !== undefined || isMainThread) return;
  if (!isNoRaceSaid) console.error(`Error: ${NO_RACE}`);
  isNoRaceSaid = true;
  const { artillery } = globalThis as { readonly artillery?: Artillery };
  if (artillery !== undefined) artillery.suggestedExitCode = 1;
  throw new Error(NO_RACE);
}

async function tokenFor(context: Context): Promise<string | undefined> {
  try {
    signInOfWorker ??= createSignIn(settingsOf(context), { vus: context.vars.$vus });
    // No number: a `before` or `after` section, outside the race.
    return await signInOfWorker.tokenFor(context.vars.$vu ?? 1);
  } catch (error) {
    if (error instanceof SignInError) reportProblem(error.message);
    throw error;
  }
}

/** `config.variables.signIn` as this virtual user's script has it. */
function settingsOf({ vars, funcs }: Context): unknown {
  return signInSettings({
    signIn: vars.signIn,
    token: process.env.ORDER_TOKEN,
    target: vars.target,
    scenarioFile: vars.$scenarioFile,
    render: funcs.$template,
  });
}
