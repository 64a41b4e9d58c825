import type { HistoryRecord } from '../../../../model/index.ts';
import {
  createProgressFollower,
  createRoundPrinter,
  progressLine,
  type RoundPrinter,
  type Style,
  spawnedLine,
} from '../../../../reports/index.ts';
import type { RunSettings } from '../../config/index.ts';
import { type Concluded, closingText, styleOf, tellGithub } from '../../reporting/index.ts';
import { artilleryGlobal } from '../shared/artillery.ts';

/** Shows a run while it races, and its verdict at the end. */
export interface RunConsole {
  show(records: readonly HistoryRecord[]): void;
  /** How many VUs have started so far. */
  spawned(vus: number): void;
  finish(concluded: Concluded, files: readonly string[]): void;
}

/**
 * The console of the launcher: in colour on a terminal, plain in a pipe or with NO_COLOR. It shows a progress line only if
 * ORDER_PROGRESS is set, because Artillery's own spinner draws on the same line.
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
        if (record.type !== 'attempt' || record.judged === false || quiet) continue;
        print(printer.record(record));
        progress?.count(record);
      }
      progress?.draw();
    },
    finish(concluded, files) {
      if (!quiet) print(printer.flush());
      progress?.clear();
      // Not through Artillery: the process exits, and its spinner would come back and stay.
      const lines = [closingText(concluded, style, files, quiet), ...tellGithub(concluded.report, env)];
      process.stdout.write(`${lines.join('\n')}\n`);
    },
  };
}

/** One line at the bottom of the terminal, drawn again and again. */
function createProgress({ plan, label }: RunSettings, style: Style) {
  const follow = createProgressFollower({ plan, label });
  const startedAt = performance.now();
  let shown = false;

  const clear = () => {
    if (shown) process.stdout.write('\r\x1b[2K');
    shown = false;
  };
  return {
    clear,
    count: follow.count,
    draw() {
      const progress = follow.now(performance.now() - startedAt);
      if (progress === undefined) return;
      clear();
      process.stdout.write(progressLine(progress, style));
      shown = true;
    },
  };
}
