import type { Verdict } from '../../model/index.ts';
import { compileTemplate, type Embedded, embed } from '../templates.ts';
import { formatDuration, formatInstant, formatMs, UNKNOWN } from '../units.ts';
import { ID_LENGTH, printable } from '../untrusted.ts';
import type { LeftOut, PackVerdictFile, ScenarioLine } from './pack.ts';
import { findingsText, packHeadline, packSentence, RESULT_WORDS, verdictIn } from './verdict-text.ts';

/** Style sheets of a single report, so that the pages look alike. */
const STYLES = ['base.css', 'verdict.css', 'setup.css', 'sort.css', 'media.css'] as const;

interface Row {
  readonly scenario: string;
  readonly hypothesis: string;
  readonly kind: Verdict;
  readonly result: string;
  readonly rounds: string;
  readonly requests: string;
  readonly successes: string;
  readonly spread: string;
  readonly findings: string;
  /** The page of the scenario; empty if there is no page. On a phone, the other links are out of sight. */
  readonly report: string;
  /** Links to the reports of the scenario; empty if it left no reports. */
  readonly links: readonly { readonly name: string; readonly href: string }[];
}

interface IndexPage {
  readonly style: Embedded;
  /** Sorts what is there without it. */
  readonly script: Embedded;
  readonly title: string;
  readonly kind: PackVerdictFile['verdict'];
  readonly word: string;
  readonly sentence: string;
  readonly setUp: string;
  readonly command: string;
  readonly rows: readonly Row[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * The page that links the reports of several scenarios: one self-contained file, like each of them.
 *
 * @throws where the templates are missing
 */
export function renderPackHtml(pack: PackVerdictFile): string {
  const { verdict, env, startedAt, durationMs, scenarios, command } = pack;
  const started = printable(formatInstant(startedAt));
  return compileTemplate<IndexPage>('pack')({
    style: embed(...STYLES),
    script: embed('sort.js', 'pack.js'),
    title: `${packHeadline(pack)}: all scenarios on ${printable(env)}, ${started}`,
    kind: verdict,
    word: packHeadline(pack),
    sentence: printable(packSentence(pack), 1000),
    setUp: `${scenarios.length} scenarios on ${printable(env, ID_LENGTH)}, ${started}, took ${formatDuration(durationMs)}`,
    command: printable(command, 2000),
    rows: scenarios.map(rowOf),
    leftOut: pack.leftOut.map(({ scenario, reason }) => ({
      scenario: printable(scenario, ID_LENGTH),
      reason: printable(reason, 500),
    })),
  });
}

function rowOf(line: ScenarioLine): Row {
  const { scenario, hypothesis, result, totals, rounds, worstSpreadMs, files } = line;
  return {
    scenario: printable(scenario, ID_LENGTH),
    hypothesis: printable(hypothesis, 500),
    kind: verdictIn(line),
    result: RESULT_WORDS[result],
    rounds: String(rounds ?? UNKNOWN),
    requests: String(totals?.requests ?? UNKNOWN),
    successes: String(totals?.ok ?? UNKNOWN),
    spread: formatMs(worstSpreadMs),
    findings: printable(findingsText(line), 500),
    report: files === undefined ? '' : encodeURI(files.html),
    links: Object.entries(files ?? {}).map(([name, file]) => ({ name, href: encodeURI(file) })),
  };
}
