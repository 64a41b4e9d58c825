import junit, { type Builder, type TestCase, type TestSuite } from 'junit-report-builder';
import { type Finding, kindOf, RUN_CHECKS, SILENCE, withOutcome } from '../model/index.ts';
import type { Report, RoundSummary } from './model.ts';
import { plural } from './units.ts';
import { ID_LENGTH, printable } from './untrusted.ts';
import { witnessExcerpt, witnessSentence } from './witness.ts';
import {
  capitalised,
  noticesOf,
  outcomeWord,
  placeOf,
  raceName,
  strengthSentence,
  VERDICT_WORDS,
  verdictSentence,
} from './wording.ts';

/** How many attempts of a witness go into a test case. */
const WITNESS = 20;

/**
 * The report as JUnit XML: one suite, a test case for each round and one for each question about the whole run. A
 * violation is a failure, a doubt an error, so that an inconclusive run is never green. The same report gives the same
 * bytes: its only timestamp is the start of the run.
 *
 * It keeps to the schema of Jenkins' xUnit plugin (tests/reports/jenkins-junit.xsd), in which the root counts no skipped.
 */
export function renderJunit(report: Report): string {
  const name = raceName(report);
  const builder = newBuilder().name(capitalised(name));
  const suite = builder
    .testSuite()
    .name(`${name} (${printable(report.env, ID_LENGTH)})`)
    .timestamp(printable(report.startedAt).replace(/(?:\.\d+)?Z$/, ''))
    .time((report.durationMs ?? 0) / 1000);
  for (const [name, value] of propertiesOf(report)) suite.property(name, printable(value, 500));

  const numbers = new Set(report.rounds.map((round) => round.number));
  const isAboutRound = (finding: Finding) => finding.round !== undefined && numbers.has(finding.round);
  const byRound = Map.groupBy(report.findings.filter(isAboutRound), (finding) => finding.round);
  for (const round of report.rounds) addRound(suite, report, round, byRound.get(round.number) ?? []);
  addRunChecks(
    suite,
    report,
    report.findings.filter((each) => !isAboutRound(each)),
  );
  // A suite without a test case is green in most CI servers; silence is never a pass.
  if (report.rounds.length === 0 && report.findings.length === 0) {
    suite.testCase().className(classOf(report)).name('the whole run').error('Nothing was raced', SILENCE);
  }
  return builder.build().replace(/(<testsuites [^>]*) skipped="\d+"/, '$1');
}

/** The package's types describe its ES module, but Node loads the CommonJS one, which *is* the default export. */
export function newBuilder(): Builder {
  return (junit as unknown as Builder).newBuilder();
}

function propertiesOf(report: Report): readonly (readonly [name: string, value: string])[] {
  return [
    ['verdict', VERDICT_WORDS[report.verdict]],
    ['summary', verdictSentence(report)],
    ...(report.verdict === 'pass' ? [['strength', strengthSentence(report)] as const] : []),
    ['env', report.env],
    ['target', report.target],
    ['vus', String(report.vus)],
    ['requests', String(report.totals.requests)],
    ['runId', report.runId],
    ['command', report.command],
    ...noticesOf(report).map((notice) => ['notice', notice] as const),
  ];
}

/** CI servers group by what is before the last dot. */
function classOf(report: Report): string {
  return `${raceName(report).replaceAll(' ', '-')}.${printable(report.env, ID_LENGTH).replaceAll('.', '_')}`;
}

function addRound(suite: TestSuite, report: Report, round: RoundSummary, findings: readonly Finding[]): void {
  const testCase = suite
    .testCase()
    .className(classOf(report))
    .name(placeOf({ round: round.number, inventory: round.inventory }, report))
    .time(secondsOf(report, round));
  settle(testCase, report, findings);
  // A round that did not take place must not look as if it had been won.
  if (round.requests === 0 && findings.length === 0) testCase.skipped();
  testCase.standardOutput(
    inCdata(
      [
        `${plural(round.requests, 'request')}: ${plural(round.ok, 'success', 'successes')}, ${plural(round.fail, 'failure')}, ${round.info} unknown`,
        ...withOutcome(report.attemptsByRound.get(round.number) ?? [], 'ok')
          .slice(0, WITNESS)
          .map((attempt) => {
            const { vu, orderId } = attempt;
            return `VU ${vu} ${outcomeWord(attempt)}${orderId === undefined ? '' : `, order ${orderId}`}`;
          }),
      ],
      ID_LENGTH * 2,
    ),
  );
}

function addRunChecks(suite: TestSuite, report: Report, findings: readonly Finding[]): void {
  const byId = Map.groupBy(findings, (finding) => finding.id);
  const unasked = RUN_CHECKS.filter(({ needsReadBack }) => needsReadBack && report.readBack === 'off');
  for (const id of new Set([...RUN_CHECKS.map((check) => check.id), ...byId.keys()])) {
    const same = byId.get(id) ?? [];
    const testCase = suite.testCase().className(classOf(report)).name(`the whole run: ${id}`);
    settle(testCase, report, same);
    if (same.length === 0 && unasked.some((check) => check.id === id)) testCase.skipped();
  }
}

/** Violations before doubts: a test case has one result, which is that of the gravest. */
function settle(testCase: TestCase, report: Report, findings: readonly Finding[]): void {
  const ordered = findings.toSorted((a, b) => rank(a) - rank(b));
  const first = ordered[0];
  if (first === undefined) return;
  const message = printable(first.message, 500);
  const text = inCdata(
    ordered.flatMap((finding) => findingText(report, finding)),
    500,
  );
  if (first.severity === 'violation') testCase.failure(message, first.id).stacktrace(text);
  else testCase.error(message, first.id, text);
}

const rank = ({ severity }: Finding) => (severity === 'violation' ? 0 : 1);

function findingText(report: Report, finding: Finding): readonly string[] {
  const { rows, more } = witnessExcerpt(report, finding, WITNESS);
  return [
    `${finding.id}, ${placeOf(finding, report)}: ${finding.message} (${kindOf(finding).title})`,
    ...rows.map((row) => `  ${witnessSentence(row)}`),
    ...(more > 0 ? [`  … and ${more} more attempts`] : []),
  ];
}

/** From the first release of a round to its last answer. */
function secondsOf(report: Report, { number }: RoundSummary): number {
  const attempts = report.attemptsByRound.get(number) ?? [];
  const start = attempts[0]?.releasedAtMs;
  if (start === undefined) return 0;
  const end = attempts.reduce((latest, attempt) => Math.max(latest, attempt.completedAtMs), start);
  return Math.round(end - start) / 1000;
}

/**
 * Lines for a CDATA section. `]]>` would end it: the builder's XML library replaces only the first one in a text, so
 * that a second could smuggle in elements.
 */
function inCdata(lines: readonly string[], maxLength: number): string {
  return lines.map((line) => printable(line, maxLength).replaceAll(']]>', ']] >')).join('\n');
}
