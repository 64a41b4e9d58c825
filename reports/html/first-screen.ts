import { compareAmounts, ruleOf, type Told } from '../../model/index.ts';
import { storedByRight } from '../expected-actual.ts';
import { raceSize } from '../names.ts';
import type { Report } from '../report.ts';
import { SALE_TONES, salesOf } from '../sales.ts';
import { formatDuration, formatInstant, formatPercent, formatSpread } from '../units.ts';
import { printable } from '../untrusted.ts';
import { notTriedText } from '../verdict-text.ts';
import { grouped, type Term, type Tone } from './figures.ts';

/** A number and what it counts: `14` `sold once`. */
export interface Count {
  readonly count: string;
  readonly text: string;
  readonly tone: Tone;
}

/** What answers say that are no successes, in a few lines. */
export interface ToldLines {
  readonly title: string;
  readonly lines: readonly { readonly count: string; readonly status: number; readonly text: string }[];
  /** How many answers say something else; empty if all are shown. */
  readonly more: string;
}

/** What people see in the first ten seconds, below the verdict. */
export interface FirstScreen {
  readonly tally: readonly Count[];
  readonly strong: readonly Term[];
  readonly told: readonly ToldLines[];
  readonly tested: readonly Term[];
}

/** More lines than these push the rest off the screen. */
const TOLD = 4;

export const firstScreenOf = (report: Report): FirstScreen => ({
  tally: tallyOf(report),
  strong: strongOf(report),
  told: [linesOf('What refusals said', report.refusals), linesOf('Not recognised', report.unrecognised)].flat(),
  tested: testedOf(report),
});

/** How many were raced for, what became of them, what was promised, and what is stored. */
function tallyOf(report: Report): readonly Count[] {
  const { promised, stored, rule } = report;
  const { raced, unit, counts } = salesOf(report);
  const right = storedByRight(report);
  const isStored = stored === undefined || right === undefined || compareAmounts(stored, right) === 0;
  const isPromise = ruleOf({ rule }).successes !== 'prove nothing';
  return [
    { count: raced.toLocaleString('en-US'), text: `${raced === 1 ? unit.one : unit.many} raced`, tone: 'plain' },
    ...counts.map(({ kind, count }) => ({ count: count.toLocaleString('en-US'), text: kind, tone: SALE_TONES[kind] })),
    ...(isPromise ? [{ count: promised.toLocaleString('en-US'), text: 'promised', tone: 'plain' as const }] : []),
    stored === undefined
      ? { count: '?', text: 'stored', tone: 'unsure' }
      : { count: stored.toLocaleString('en-US'), text: 'stored', tone: isStored ? 'plain' : 'bad' },
  ];
}

/** How much the verdict can be trusted: how many rounds counted, how close they were, and what was not tried. */
function strongOf(report: Report): readonly Term[] {
  const { strength, contention, verdict, rounds, rule, vus, totals } = report;
  const { rivals, controls } = strength;
  const raced = rounds.filter(({ requests }) => requests > 0).length;
  const applied = controls.filter(({ applies }) => applies);
  const notTried = notTriedText(strength);
  const violation = rule === undefined ? 'Double bookings' : 'Violations';
  return [
    { name: 'Strong rounds', value: `${grouped(strength.rounds)} of ${grouped(raced)}` },
    ...(verdict === 'pass'
      ? [{ name: `${violation}, 95 % confidence`, value: `below ${formatPercent(strength.bound, 1)}` }]
      : []),
    ...(totals.requests === 0
      ? []
      : [
          { name: 'Released within', value: formatSpread(contention.medianSpreadMs, contention.spreadErrorMs) },
          { name: 'In flight at once', value: `at least ${contention.smallestOverlap} of ${vus}` },
        ]),
    {
      name: 'Rivals within 0.1/1/10 ms',
      value: [rivals['0.1'], rivals['1'], rivals['10']].map(grouped).join(' / '),
    },
    ...(controls.length === 0
      ? []
      : [
          {
            name: 'Controls',
            value:
              applied.length === 0
                ? 'none applies'
                : `${applied.filter(({ failed }) => failed).length} of ${applied.length} failed, as they must`,
          },
        ]),
    ...(notTried === '' ? [] : [{ name: 'Not tried', value: notTried }]),
  ];
}

function linesOf(title: string, told: readonly Told[]): ToldLines[] {
  if (told.length === 0) return [];
  const rest = told.slice(TOLD).reduce((sum, { count }) => sum + count, 0);
  return [
    {
      title,
      lines: told
        .slice(0, TOLD)
        .map(({ status, text, count }) => ({ count: grouped(count), status, text: printable(text, 120) })),
      more: rest === 0 ? '' : `${grouped(rest)} × something else`,
    },
  ];
}

/** What was raced, when, and how it compares. */
function testedOf(report: Report): readonly Term[] {
  const { durationMs, targetVersion } = report;
  return [
    { name: 'Target', value: printable(report.target, 500) },
    { name: 'Environment', value: printable(report.env) },
    ...(targetVersion === undefined ? [] : [{ name: 'Version', value: printable(targetVersion, 100) }]),
    { name: 'Started', value: printable(formatInstant(report.startedAt)) },
    { name: 'Took', value: durationMs === undefined ? 'not known' : formatDuration(durationMs) },
    { name: 'Race', value: raceSize(report) },
  ];
}
