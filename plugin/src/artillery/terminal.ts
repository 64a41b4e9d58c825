import {
  createRoundPrinter,
  makeStyle,
  progressLine,
  type Report,
  type RoundPrinter,
  renderSummary,
  type Style,
  spawnedLine,
} from '../../../reports/index.ts';
import type { RunSettings } from '../config/index.ts';
import type { HistoryRecord } from '../model/index.ts';
import { artilleryGlobal } from './types.ts';

const MAX_COLUMNS = 120;

/** What a run shows while it runs, and at its end. */
export interface RunConsole {
  show(records: readonly HistoryRecord[]): void;
  /** How many VUs have started so far. */
  spawned(vus: number): void;
  finish(report: Report, files: readonly string[]): void;
}

/**
 * The console of the launcher. Colour on a terminal, and plain in a pipe or with NO_COLOR; a progress line only where it is
 * asked for (ORDER_PROGRESS), because Artillery's own spinner draws on the same line.
 */
export function openConsole(settings: RunSettings, env: NodeJS.ProcessEnv): RunConsole {
  const style = styleOf(env);
  const { quiet, failuresPerRound, allFailures } = settings.console;
  const printer: RoundPrinter = createRoundPrinter({
    style,
    plan: settings.plan,
    label: settings.label,
    failuresPerRound,
    allFailures,
  });
  const progress = env.ORDER_PROGRESS && process.stdout.isTTY && !quiet ? createProgress(settings, style) : undefined;
  let announced = false;

  const print = (lines: readonly string[]) => {
    if (lines.length === 0) return;
    progress?.clear();
    artilleryGlobal()?.log(lines.join('\n'));
  };

  return {
    spawned(vus) {
      if (announced || quiet || vus < settings.plan.contenders) return;
      announced = true;
      print([spawnedLine(vus, style)]);
    },
    show(records) {
      for (const record of records) {
        if (record.type !== 'attempt' || quiet) continue;
        print(printer.record(record));
        progress?.count(record.round);
      }
      progress?.draw();
    },
    finish(report, files) {
      if (!quiet) print(printer.flush());
      progress?.clear();
      const summary = renderSummary(report, style, files);
      artilleryGlobal()?.log(quiet ? quietSummary(report, style, files) : `\n${summary}`);
    },
  };
}

function quietSummary(report: Report, style: Style, files: readonly string[]): string {
  const paint = { pass: style.good, fail: style.bad, inconclusive: style.unsure }[report.verdict];
  const reasons = report.findings.slice(0, 3).map((finding) => `  ${style.text(finding.message)}`);
  return [paint(report.verdict.toUpperCase()), ...reasons, ...files.slice(0, 1)].join('\n');
}

function styleOf(env: NodeJS.ProcessEnv): Style {
  const { stdout } = process;
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  return makeStyle({
    colour: !env.NO_COLOR && (forced || (stdout.isTTY === true && env.TERM !== 'dumb')),
    unicode: env.TERM !== 'linux' && env.TERM !== 'dumb' && env.ORDER_ASCII === undefined,
    columns: Math.min(MAX_COLUMNS, stdout.columns ?? 80),
  });
}

/** One line at the bottom of the terminal that is written over. */
function createProgress({ plan, label }: RunSettings, style: Style) {
  const startedAt = performance.now();
  let shown = false;
  let round = 0;
  let done = 0;

  const clear = () => {
    if (shown) process.stdout.write('\r\x1b[2K');
    shown = false;
  };
  return {
    clear,
    count(its: number) {
      done = its === round ? done + 1 : 1;
      round = its;
    },
    draw() {
      const rounds = plan.inventories.length;
      if (round === 0 || (round === rounds && done >= plan.contenders)) return;
      // A whole round is behind: the next one is under way.
      const [current, ended] = done >= plan.contenders ? [round + 1, 0] : [round, done];
      clear();
      const elapsedMs = performance.now() - startedAt;
      process.stdout.write(
        progressLine({ round: current, rounds, label, done: ended, contenders: plan.contenders, elapsedMs }, style),
      );
      shown = true;
    },
  };
}
