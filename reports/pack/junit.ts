import { newBuilder } from '../junit.ts';
import { ID_LENGTH, printable } from '../untrusted.ts';
import type { PackVerdictFile, ScenarioLine } from './model.ts';

/**
 * One JUnit file for several scenarios: the suite of each as its own file has it, and one with an error for each that left
 * none, so that it is never green.
 *
 * @param textOf the JUnit XML of a scenario; undefined where there is none
 */
export function renderPackJunit(pack: PackVerdictFile, textOf: (line: ScenarioLine) => string | undefined): string {
  const suites = pack.scenarios.map((line) => suiteIn(textOf(line) ?? '') ?? missingSuite(pack, line));
  // Nothing was run, and silence is never a pass.
  if (suites.length === 0) suites.push(missingSuite(pack, NOTHING));
  const counts = ['tests', 'failures', 'errors', 'skipped'].map((name) => `${name}="${sum(suites, name)}"`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Scenario pack" ${counts.join(' ')}>`,
    ...suites.map((suite) => `  ${suite}`),
    '</testsuites>',
  ].join('\n');
}

const NOTHING: ScenarioLine = {
  scenario: 'all',
  hypothesis: '',
  result: 'not run',
  problem: 'there is no scenario',
  findings: {},
};

/** A file has one suite. What stands in it as text can look like a tag; the first and the last of them are none of that. */
function suiteIn(xml: string): string | undefined {
  const start = xml.indexOf('<testsuite ');
  const end = xml.lastIndexOf('</testsuite>');
  return start === -1 || end < start ? undefined : xml.slice(start, end + '</testsuite>'.length);
}

function missingSuite({ env }: PackVerdictFile, { scenario, result, problem = result }: ScenarioLine): string {
  const builder = newBuilder();
  builder
    .testSuite()
    .name(`${scenario.replaceAll('-', ' ')} (${printable(env, ID_LENGTH)})`)
    .testCase()
    .className(`${scenario}.${printable(env, ID_LENGTH).replaceAll('.', '_')}`)
    .name('the whole run')
    .error(printable(problem, 500), result);
  return suiteIn(builder.build()) ?? '';
}

/** Adds up one attribute of the suites' opening tags. */
function sum(suites: readonly string[], attribute: string): number {
  return suites.reduce((total, suite) => {
    const [tag = ''] = suite.split('>', 1);
    return total + Number(new RegExp(` ${attribute}="(\\d+)"`).exec(tag)?.[1] ?? 0);
  }, 0);
}
