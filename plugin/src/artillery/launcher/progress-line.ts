import stringWidth from 'string-width';
import { createProgressFollower, progressLine, type Style } from '../../../../reports/index.ts';
import type { RunSettings } from '../../config/index.ts';

/** Not the rest of the screen: terminals may keep what is erased from their top left corner, each time. */
const ERASE_LINE = '\r\x1b[K';

/** The screen that a {@link ProgressLine} is drawn on. */
export type Screen = Pick<NodeJS.WriteStream, 'write' | 'columns'>;

/** One line at the bottom of a terminal, drawn again and again. It hides no cursor, so none can stay hidden. */
export interface ProgressLine {
  /** Erases it, so that other lines can be printed. */
  clear(): void;
  count: ReturnType<typeof createProgressFollower>['count'];
  judged: ReturnType<typeof createProgressFollower>['judged'];
  /** Draws how far the run has come. Before the first attempt has ended, how many virtual users are there. */
  draw(vus: number): void;
}

export function createProgressLine(
  { plan, label }: Pick<RunSettings, 'plan' | 'label'>,
  style: Style,
  screen: Screen,
): ProgressLine {
  const follow = createProgressFollower({ plan, label });
  let startedAt: number | undefined;
  let shown = '';

  const clear = () => {
    if (shown === '') return;
    // A terminal that became narrower since has broken the line.
    const rows = Math.max(1, Math.ceil(stringWidth(shown) / (screen.columns || style.columns)));
    screen.write(rows > 1 ? `\r\x1b[${rows - 1}A\x1b[J` : ERASE_LINE);
    shown = '';
  };
  return {
    clear,
    judged: follow.judged,
    count(attempt) {
      startedAt ??= performance.now();
      follow.count(attempt);
    },
    draw(vus) {
      // In the last column, a terminal would begin a new line.
      const columns = Math.min(style.columns, screen.columns || style.columns) - 1;
      const progress = startedAt === undefined ? undefined : follow.now(performance.now() - startedAt);
      const text =
        progress !== undefined
          ? progressLine(progress, { ...style, columns })
          : startedAt === undefined
            ? warmingUp(vus, plan.contenders).slice(0, columns)
            : '';
      clear();
      // Without a break: a line of the script may stand here.
      if (text !== '') screen.write(`${ERASE_LINE}${text}`);
      shown = text;
    },
  };
}

const warmingUp = (vus: number, contenders: number): string =>
  vus < contenders
    ? `Warming up: ${vus} of ${contenders} VUs are there`
    : 'Warming up: the connections, before the first release';
