import { racesAtTarget } from '../plugin/src/artillery/shared/raced-steps.ts';
import { fromHere } from '../plugin/src/reporting/index.ts';
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
  { args, env, signal }: Invocation,
): Promise<void> {
  await checkTargets(prepared, signal);
  for (const folder of new Set(prepared.map(({ outputDir }) => outputDir))) await checkOutputFolder(folder);

  const needConsent = prepared.map(({ settings }) => settings).filter(({ confirm }) => confirm);
  const terminal = process.stdin.isTTY === true;
  if (needConsent.length > 0) await confirmRun(needConsent, { yes: args.yes, ci: env.CI, terminal }, signal);
}

/**
 * Connects to each target, but not to that of the bundled API, which does not run yet.
 *
 * @throws InputError if nobody is there
 */
export async function checkTargets(prepared: readonly PreparedScenario[], signal: AbortSignal): Promise<void> {
  const byTarget = Map.groupBy(
    prepared.filter(({ needsApi, sections }) => !needsApi && racesAtTarget(sections)),
    ({ settings }) => settings.target,
  );
  for (const [target, [first]] of byTarget) {
    if (first === undefined) continue;
    await checkReachable(
      { target, where: whereIsTarget(first), tls: first.config.tls, scenarioFile: first.file },
      signal,
    );
  }
}

function whereIsTarget({ scenario, environment, settings }: PreparedScenario): string {
  if (scenario.isBundled) return `ORDER_BASE_URL, or ${environment}.target in scenarios/environments.yml`;
  const suite = `config.target of ${fromHere(scenario.file)}${environment === undefined ? '' : ` in ${environment}`}`;
  return settings.orderVariables ? `ORDER_BASE_URL, or ${suite}` : suite;
}
