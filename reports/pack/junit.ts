import { junitFile, suiteIn, suiteXml, unraced } from '../junit-file.ts';
import { ID_LENGTH, printable } from '../untrusted.ts';
import type { LeftOut, PackReport, PackVerdictFile, ScenarioLine } from './pack.ts';

/**
 * One JUnit file for several scenarios. Each scenario has the suite from the file that it left; one that left no file gets
 * a suite with an error, so it is never green.
 */
export function renderPackJunit(pack: PackReport): string {
  const suites = pack.scenarios.map((line) => suiteIn(pack.junit.get(line.scenario) ?? '') ?? missingSuite(pack, line));
  // If nothing was run, the file must not be green.
  const raced = suites.length === 0 ? [missingSuite(pack, NOTHING)] : suites;
  return junitFile('Scenario pack', [...raced, ...pack.leftOut.map((each) => skippedSuite(pack, each))]);
}

const NOTHING: Pick<ScenarioLine, 'scenario' | 'result' | 'problem'> = {
  scenario: 'all',
  result: 'not run',
  problem: 'there is no scenario',
};

function skippedSuite({ env }: PackVerdictFile, { scenario, reason }: LeftOut): string {
  const { classname, name } = unraced(scenario, env, '', '');
  return suiteXml({
    name: suiteName(scenario, env),
    cases: [{ classname, name, isSkipped: true, skippedWhy: printable(reason, 500) }],
  });
}

const suiteName = (scenario: string, env: string): string =>
  `${scenario.replaceAll('-', ' ')} (${printable(env, ID_LENGTH)})`;

function missingSuite({ env }: PackVerdictFile, { scenario, result, problem = result }: typeof NOTHING): string {
  return suiteXml({
    name: suiteName(scenario, env),
    cases: [unraced(scenario, env, problem, result)],
  });
}
