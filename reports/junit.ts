import {
  type Attempt,
  capitalised,
  type Finding,
  inWords,
  kindOf,
  kindsOf,
  plural,
  type RoundSummary,
  RUN_KINDS,
  ruleOf,
  SILENCE,
  withOutcome,
  wordsOf,
} from '../model/index.ts';
import { junitClass, junitFile, suiteXml, type TestCase, type TestSuite, unraced } from './junit-file.ts';
import { locationOf, outcomeWord, raceName } from './names.ts';
import type { Report } from './report.ts';
import { soldText } from './sold-text.ts';
import { toldText } from './told.ts';
import { ID_LENGTH, printable } from './untrusted.ts';
import { noticesOf, strengthTexts, VERDICT_WORDS } from './verdict-text.ts';
import { witnessExcerpt, witnessSentence } from './witness.ts';

/** How many attempts of a witness go into a test case. */
const WITNESS = 20;

/**
 * The report as JUnit XML: one suite, a test case for each round and one for each question about the whole run. A
 * violation is a failure, a doubt an error, so an inconclusive run is never green. The same report gives the same bytes:
 * its only timestamp is the start of the run.
 */
export function renderJunit(report: Report): string {
  const name = raceName(report);
  const numbers = new Set(report.rounds.map((round) => round.number));
  const isAboutRound = (finding: Finding) => finding.round !== undefined && numbers.has(finding.round);
  const byRound = Map.groupBy(report.findings.filter(isAboutRound), (finding) => finding.round);
  const suite = suiteXml({
    name: `${name} (${printable(report.env, ID_LENGTH)})`,
    timestamp: printable(report.startedAt).replace(/(?:\.\d+)?Z$/, ''),
    seconds: String((report.durationMs ?? 0) / 1000),
    properties: propertiesOf(report),
    cases: [
      ...report.rounds.map((round) => roundCase(report, round, byRound.get(round.number) ?? [])),
      ...runCases(
        report,
        report.findings.filter((finding) => !isAboutRound(finding)),
      ),
      // A run that raced nothing must not be green.
      ...(report.rounds.length === 0 && report.findings.length === 0
        ? [unraced(name, report.env, 'Nothing was raced', SILENCE)]
        : []),
    ],
  });
  return junitFile(capitalised(name), [suite]);
}

function propertiesOf(report: Report): NonNullable<TestSuite['properties']> {
  const property = (name: string, value: string) => ({ name, value: printable(value, 500) });
  return [
    property('verdict', VERDICT_WORDS[report.verdict]),
    property('summary', report.headline),
    property('sold', soldText(report)),
    ...(report.verdict === 'pass' ? strengthProperties(report) : []),
    property('env', report.env),
    property('target', report.target),
    ...(report.targetVersion === undefined ? [] : [property('version', report.targetVersion)]),
    property('vus', String(report.vus)),
    property('requests', String(report.totals.requests)),
    property('promised', String(report.promised)),
    ...(report.stored === undefined ? [] : [property('stored', String(report.stored))]),
    ...(report.refusals.length === 0 ? [] : [property('refusals', toldText(report.refusals))]),
    ...(report.unrecognised.length === 0
      ? []
      : [property('unrecognised', toldText(report.unrecognised, { withStatus: true }))]),
    property('runId', report.runId),
    property('command', report.command),
    ...noticesOf(report).map((notice) => property('notice', notice)),
  ];
}

function strengthProperties(report: Report): NonNullable<TestSuite['properties']> {
  const [strength, rivals, controls] = strengthTexts(report);
  return Object.entries({ strength, rivals, controls }).map(([name, value]) => ({
    name,
    value: printable(value, 500),
  }));
}

function roundCase(report: Report, round: RoundSummary, findings: readonly Finding[]): TestCase {
  const attempts = report.attemptsByRound.get(round.number) ?? [];
  const booked = withOutcome(attempts, 'ok').slice(0, WITNESS);
  return {
    classname: junitClass(raceName(report), report.env),
    name: `Did all go well for ${locationOf({ round: round.number, inventory: round.inventory }, report)}?`,
    seconds: secondsFrom(attempts),
    ...resultOf(report, findings),
    // A round that did not take place must not be green.
    isSkipped: round.requests === 0 && findings.length === 0,
    output: [
      `${plural(round.requests, 'request')}: ${plural(round.ok, 'success', 'successes')}, ${plural(round.fail, 'failure')}, ${round.info} unknown`,
      ...booked.map((attempt) => {
        const order = attempt.orderId === undefined ? '' : `, order ${attempt.orderId}`;
        return printable(`VU ${attempt.vu} ${outcomeWord(attempt)}${order}`, ID_LENGTH * 2);
      }),
    ].join('\n'),
  };
}

function runCases(report: Report, findings: readonly Finding[]): readonly TestCase[] {
  const byId = Map.groupBy(findings, (finding) => finding.id);
  const has = { 'read-back': report.readBack === 'on', windows: ruleOf(report).windows !== undefined };
  return [...new Set([...RUN_KINDS, ...kindsOf(findings)])].map(({ id, question, needs }) => {
    const found = byId.get(id) ?? [];
    return {
      classname: junitClass(raceName(report), report.env),
      name: inWords(question, wordsOf(report)),
      ...resultOf(report, found),
      isSkipped: found.length === 0 && needs !== undefined && !has[needs],
    };
  });
}

/** A test case has one result: the first violation, else the first doubt. Its text lists all of them. */
function resultOf(report: Report, findings: readonly Finding[]): Pick<TestCase, 'failure' | 'error'> {
  const ordered = findings.toSorted((a, b) => rank(a) - rank(b));
  const [first] = ordered;
  if (first === undefined) return {};
  const lines = ordered.flatMap((finding) => findingLines(report, finding));
  const problem = {
    message: printable(first.message, 500),
    type: first.id,
    text: lines.map((line) => printable(line, 500)).join('\n'),
  };
  return first.severity === 'violation' ? { failure: problem } : { error: problem };
}

const rank = ({ severity }: Finding) => (severity === 'violation' ? 0 : 1);

function findingLines(report: Report, finding: Finding): readonly string[] {
  const { rows, more } = witnessExcerpt(report, finding, WITNESS);
  return [
    `${finding.id}, ${locationOf(finding, report)}: ${finding.message} (${inWords(kindOf(finding).title, wordsOf(report))})`,
    ...rows.map((row) => `  ${witnessSentence(row)}`),
    ...(more > 0 ? [`  … and ${more} more attempts`] : []),
  ];
}

/** From the first release of a round to its last answer, in seconds. */
function secondsFrom(attempts: readonly Attempt[]): string {
  const start = attempts[0]?.releasedAtMs;
  if (start === undefined) return '0';
  const end = attempts.reduce((latest, attempt) => Math.max(latest, attempt.completedAtMs), start);
  return String(Math.round(end - start) / 1000);
}
