import { renderEnv } from '../../../config/index.ts';
import type { SignIn } from '../../../sign-in/index.ts';
import type { ArtilleryScript } from '../../shared/artillery.ts';

/**
 * Signs somebody in by a row of `config.variables.signIn.identities`, in any suite.
 *
 * @returns a function that gives the headers for the username or client id of a row, and rejects if there is none
 */
export function signerIn(script: ArtilleryScript, target: string) {
  let signIn: Promise<SignIn> | undefined;
  return async (name: string): Promise<Readonly<Record<string, string>>> => {
    signIn ??= load(script, target);
    return { Authorization: `Bearer ${await (await signIn).tokenAs(name)}` };
  };
}

/** Few suites need it, so it is loaded only then. */
async function load({ config, _scriptPath }: ArtilleryScript, target: string): Promise<SignIn> {
  const { createSignIn, signInSettings } = await import('../../../sign-in/index.ts');
  const { env } = process;
  return createSignIn(
    signInSettings({
      signIn: config.variables?.signIn,
      token: undefined,
      target,
      scenarioFile: _scriptPath,
      render: (text) => renderEnv(text, env),
    }),
  );
}
