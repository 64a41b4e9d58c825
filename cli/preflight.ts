import { resolve } from 'node:path';
import { confirmRun } from './confirm.ts';
import type { Invocation } from './invocation.ts';
import { checkOutputFolder } from './output-folder.ts';
import type { PreparedScenario } from './prepare.ts';
import { checkReachable } from './reachable.ts';

/**
 * Checks all that can be checked before anything starts, and then asks whether real bookings may be made.
 *
 * @throws InputError if a check fails or the user says no
 */
export async function preflight(
  prepared: readonly PreparedScenario[],
  { root, args, env, signal }: Invocation,
): Promise<void> {
  const byTarget = Map.groupBy(
    prepared.filter(({ needsApi }) => !needsApi),
    ({ settings }) => settings.target,
  );
  for (const [target, [first]] of byTarget) {
    const tls = first?.config.tls;
    await checkReachable({ target, environment: args.environment, tls, scenarioFile: first?.file ?? '' }, signal);
  }
  const folders = prepared.map(({ settings }) => resolve(root, settings.outputDir));
  for (const folder of new Set(folders)) await checkOutputFolder(folder);

  const needConsent = prepared.map(({ settings }) => settings).filter(({ confirm }) => confirm);
  const terminal = process.stdin.isTTY === true;
  if (needConsent.length > 0) await confirmRun(needConsent, { yes: args.yes, ci: env.CI, terminal }, signal);
}
