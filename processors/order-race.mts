import { isMainThread } from 'node:worker_threads';
import { reportProblem } from 'artillery-plugin-race';
import { createSignIn, type SignIn, SignInError, signInSettings } from '../plugin/src/sign-in/index.ts';

/** The parts of Artillery's virtual user that are used here. */
interface Context {
  readonly vars: {
    /** Base URL of the requests. */
    readonly target?: string;
    readonly $scenarioFile?: string;
    /** The virtual user's number, from 1; the plugin `race` sets it. */
    readonly $vu?: number;
    /** How many virtual users there will be; absent if the plugin does not know. */
    readonly $vus?: number;
    /** Who asks for the read-back: rows of `signIn.identities` that no virtual user gets; absent if the plugin does not know. */
    readonly $reserved?: readonly string[];
    /** Whether environment variables override the suite; absent if the plugin does not know. */
    readonly $orderVariables?: boolean;
    /** `config.variables.signIn`, see `SignInSettings`. */
    readonly signIn?: unknown;
  };
  readonly funcs: {
    /** Renders `{{ … }}`. A text that is just one variable renders to `undefined` if the variable is not set. */
    readonly $template: (text: string) => unknown;
  };
}

/** The parts of a request that are used here. */
interface RequestParams {
  headers?: Readonly<Record<string, string>>;
}

/** The part of Artillery's global object that is used here. */
interface Artillery {
  suggestedExitCode?: number;
}

const NO_RACE = 'the plugin "race" is not loaded: nothing was raced, and there is no verdict';
let hasToldNoRace = false;

/** The first virtual user of this worker makes it for all of them, so that they share tokens and requests for tokens. */
let signInOfWorker: SignIn | undefined;

/**
 * Function step, first in the flow: gets the virtual user's token, so that a refusal shows before the first round.
 *
 * @throws SignInError, after reporting it, if there is no token; the virtual user then stops
 * @throws Error if the plugin is not loaded
 */
export async function signIn(context: Context): Promise<void> {
  checkRace(context);
  await tokenFor(context);
}

/**
 * `beforeRequest` hook: gives the request a valid token, in place of any that the step names. Does nothing if no sign-in
 * is configured.
 *
 * @throws SignInError, after reporting it, if the token could not be renewed
 */
export async function authorise(request: RequestParams, context: Context): Promise<void> {
  const token = await tokenFor(context);
  if (token === undefined) return;
  // A new object, because the engine clones the parameters of a step shallowly: all virtual users share these headers.
  request.headers = { ...request.headers, Authorization: `Bearer ${token}` };
}

/**
 * Artillery goes on without a plugin that it cannot find, and exits with 0 as if all were well. So this makes the run fail.
 * Without the plugin no virtual user has a number. The sections `before` and `after` never have one, but they run in the main
 * thread.
 */
function checkRace({ vars }: Context): void {
  if (vars.$vu !== undefined || isMainThread) return;
  if (!hasToldNoRace) console.error(`Error: ${NO_RACE}`);
  hasToldNoRace = true;
  const { artillery } = globalThis as { readonly artillery?: Artillery };
  if (artillery !== undefined) artillery.suggestedExitCode = 1;
  throw new Error(NO_RACE);
}

async function tokenFor(context: Context): Promise<string | undefined> {
  try {
    signInOfWorker ??= createSignIn(settingsOf(context), {
      vus: context.vars.$vus,
      reserved: context.vars.$reserved,
    });
    // The sections `before` and `after` have no number.
    return await signInOfWorker.tokenFor(context.vars.$vu ?? 1);
  } catch (error) {
    if (error instanceof SignInError) reportProblem(error.message);
    throw error;
  }
}

/** The settings in `config.variables.signIn`, rendered. */
function settingsOf({ vars, funcs }: Context): unknown {
  return signInSettings({
    signIn: vars.signIn,
    token: vars.$orderVariables === false ? undefined : process.env.ORDER_TOKEN,
    target: vars.target,
    scenarioFile: vars.$scenarioFile,
    render: funcs.$template,
  });
}
