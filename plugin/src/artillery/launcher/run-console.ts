import type { HistoryRecord } from '../../../../model/index.ts';
import { createRoundPrinter, rowsTaken, SCREEN_LINES, spawnedLine } from '../../../../reports/index.ts';
import type { RunSettings } from '../../config/index.ts';
import { type Concluded, closingText, styleOf, tellGithub } from '../../reporting/index.ts';
import { artilleryGlobal } from '../shared/artillery.ts';
import { createProgressLine } from './progress-line.ts';

/** Shows a run while it races, and its verdict at the end. */
export interface RunConsole {
  show(records: readonly HistoryRecord[]): void;
  /** How many VUs have started so far. */
  spawned(vus: number): void;
  finish(concluded: Concluded, files: readonly string[]): void;
  /** So many rounds count by now, where rounds repeat. */
  judged(strongRounds: number): void;
  /** Erases what would stand before the next line. */
  clear(): void;
}

/** Lines of the script that started the run: its API, and a notice or two. */
const LINES_OF_SCRIPT = 3;

/**
 * The console of the launcher: in colour on a terminal, plain in a pipe or with NO_COLOR. It shows a progress line only if
 * ORDER_PROGRESS is set, because Artillery's own spinner draws on the same line.
 */
export function openConsole(settings: RunSettings, env: NodeJS.ProcessEnv): RunConsole {
  const style = styleOf(env);
  const { failuresPerRound, verbose } = settings.console;
  const allFailures = settings.console.allFailures || verbose;
  const { label } = settings;
  const { count } = settings.machines;
  // While it races, a machine shows its own contenders: it knows no others.
  const plan = { ...settings.plan, contenders: Math.ceil(settings.plan.contenders / count) };
  const printer = createRoundPrinter({ style, plan, label, failuresPerRound, allFailures });
  // Of several scenarios, the script prints a line each.
  const isPart = env.ORDER_IN_PACK !== undefined && !allFailures;
  const quiet = settings.console.quiet || isPart;
  const isLive = env.ORDER_PROGRESS !== undefined && process.stdout.isTTY && !settings.console.quiet;
  const progress = isLive ? createProgressLine({ ...settings, plan }, style, process.stdout) : undefined;
  let started = 0;
  let announced = false;
  /** Lines on the screen so far; in a log, without those of rounds. */
  let used = LINES_OF_SCRIPT;

  const print = (lines: readonly string[]) => {
    if (lines.length === 0) return;
    progress?.clear();
    artilleryGlobal()?.log(lines.join('\n'));
    used += lines.reduce((sum, line) => sum + rowsTaken(line, style), 0);
  };
  /** In a log, lines of rounds have a limit of their own. */
  const printRounds = (lines: readonly string[], shownBefore: number) => {
    print(lines);
    if (!style.wraps) used -= printer.shown.size - shownBefore;
  };

  return {
    clear: () => progress?.clear(),
    judged: (strongRounds) => progress?.judged(strongRounds),
    spawned(vus) {
      started = vus;
      if (announced || quiet || vus < plan.contenders) return;
      announced = true;
      print([spawnedLine(vus, style, count)]);
    },
    show(records) {
      for (const record of records) {
        if (record.type !== 'attempt' || record.judged === false) continue;
        progress?.count(record);
        if (quiet) continue;
        const shownBefore = printer.shown.size;
        printRounds(printer.record(record), shownBefore);
      }
      progress?.draw(started);
    },
    finish(concluded, files) {
      const shownBefore = printer.shown.size;
      if (!quiet) printRounds(printer.flush(), shownBefore);
      progress?.clear();
      if (isPart) {
        for (const line of concluded.warnings) process.stdout.write(`${line}\n`);
        return;
      }
      // Of several scenarios, the script tells it of all together.
      const annotations = env.ORDER_IN_PACK === undefined ? tellGithub(concluded.report, env) : [];
      const detail = quiet ? 'quiet' : allFailures ? 'full' : 'screen';
      // The rounds of all machines were not shown yet.
      const shown = count === 1 ? printer.shown : new Map<number, undefined>();
      const closing = { detail, files, shown, lines: SCREEN_LINES - used } as const;
      // Not through Artillery: the process exits, and its spinner would come back and stay.
      process.stdout.write(`${closingText(concluded, style, closing, annotations)}\n`);
    },
  };
}
