import { compileTemplate } from './templates.ts';
import { ID_LENGTH, printable } from './untrusted.ts';

/** One `<testsuite>`; its counts follow from its test cases. */
export interface TestSuite {
  readonly name: string;
  /** ISO 8601 without a time zone, as Jenkins' schema wants it. */
  readonly timestamp?: string;
  readonly seconds?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly cases: readonly TestCase[];
}

/** One `<testcase>`: green unless it has a failure or an error, or is skipped. */
export interface TestCase {
  readonly classname: string;
  readonly name: string;
  readonly seconds?: string;
  readonly failure?: Problem;
  readonly error?: Problem;
  readonly isSkipped?: boolean;
  /** Why it was skipped, where that is not plain. */
  readonly skippedWhy?: string;
  readonly output?: string;
}

export interface Problem {
  readonly message: string;
  readonly type: string;
  readonly text: string;
}

/** The class of a test case: CI servers group by what is before the last dot. */
export const junitClass = (name: string, env: string): string =>
  `${name.replaceAll(' ', '-')}.${printable(env, ID_LENGTH).replaceAll('.', '_')}`;

/** The test case of a run that proves nothing: an error, because a suite without test cases is green in most CI servers. */
export const unraced = (name: string, env: string, message: string, type: string): TestCase => ({
  classname: junitClass(name, env),
  name: 'the whole run',
  error: { message: printable(message, 500), type, text: '' },
});

/** The XML of a suite, from `<testsuite` to `</testsuite>`. */
export function suiteXml(suite: TestSuite): string {
  const count = (is: (testCase: TestCase) => unknown) => suite.cases.filter(is).length;
  return compileTemplate<object>('junit-suite')({
    ...suite,
    tests: suite.cases.length,
    failures: count(({ failure }) => failure),
    errors: count(({ error }) => error),
    skipped: count(({ isSkipped }) => isSkipped),
  }).trimEnd();
}

/**
 * A JUnit file of suites as {@link suiteXml} writes them. It keeps to the schema of Jenkins' xUnit plugin
 * (tests/reports/jenkins-junit.xsd), in which the root has no count of skipped test cases.
 */
export function junitFile(name: string, suites: readonly string[]): string {
  return compileTemplate<object>('junit')({
    name,
    tests: sum(suites, 'tests'),
    failures: sum(suites, 'failures'),
    errors: sum(suites, 'errors'),
    suites,
  }).trimEnd();
}

/** The suite in a file of {@link junitFile}; undefined if there is none. Text is escaped, so it cannot look like a tag. */
export function suiteIn(xml: string): string | undefined {
  return /<testsuite .*<\/testsuite>/s.exec(xml)?.[0];
}

/** Adds up one count of the suites' opening tags. */
function sum(suites: readonly string[], count: string): number {
  return suites.reduce((total, suite) => {
    const [tag = ''] = suite.split('>', 1);
    return total + Number(new RegExp(` ${count}="(\\d+)"`).exec(tag)?.[1] ?? 0);
  }, 0);
}
