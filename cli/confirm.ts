import { createInterface } from 'node:readline';
import { addUp, capacityOf, counted, ruleOf, wordsOfRun } from '../model/index.ts';
import { InputError, publicUrl, type RunSettings } from '../plugin/src/config/index.ts';

/** What decides whether we ask before the race. */
export interface Circumstances {
  /** The option `--yes`. */
  readonly yes: boolean;
  /** The variable CI. */
  readonly ci: string | undefined;
  /** Whether somebody can answer at a terminal. */
  readonly terminal: boolean;
}

/** `go`: the user agreed beforehand. `refuse`: nobody agreed, and nobody is there to ask. */
export function consentFrom({ yes, ci, terminal }: Circumstances): 'go' | 'ask' | 'refuse' {
  if (yes || (ci !== undefined && !/^(|0|false|no|off)$/i.test(ci))) return 'go';
  return terminal ? 'ask' : 'refuse';
}

/** Says how many bookings the run tries to make, and where. */
export function warningOf(run: Pick<RunSettings, 'environment' | 'target' | 'label' | 'plan'>): string {
  const { contenders, inventories } = run.plan;
  const rounds = inventories.length;
  const { one, many } = wordsOfRun(run);
  const { isDecimal, isUnlimited } = ruleOf(run.plan);
  const units = isUnlimited ? contenders * rounds : addUp(inventories.map(capacityOf));
  return (
    `This will try to make real bookings: ${counted(contenders, 'VU')} × ${counted(rounds, one, many)} = ` +
    `${counted(contenders * rounds, 'request')} to ${publicUrl(run.target)} (environment ${run.environment}); ` +
    (isDecimal
      ? `up to ${units} will be spent for good.`
      : `up to ${units === rounds ? counted(rounds, one, many) : counted(Number(units), 'unit')} will be booked for good.`)
  );
}

/**
 * Says what each run does, and asks whether to go on.
 *
 * @throws InputError if the answer is not "yes" or nobody can be asked
 */
export async function confirmRun(
  runs: readonly RunSettings[],
  circumstances: Circumstances,
  signal: AbortSignal,
): Promise<void> {
  for (const run of runs) console.error(warningOf(run));
  switch (consentFrom(circumstances)) {
    case 'go':
      return;
    case 'refuse':
      throw new InputError('not started: there is no terminal to ask at; use --yes (or set CI) if you mean it');
    case 'ask':
      process.stderr.write('Type "yes" to go on: ');
      if ((await firstLineOfInput(signal))?.trim().toLowerCase() !== 'yes') throw new InputError('not started');
  }
}

// readline's `question` would take over the terminal, and then Ctrl-C would not send a signal.
async function firstLineOfInput(signal: AbortSignal): Promise<string | undefined> {
  try {
    for await (const line of createInterface({ input: process.stdin, terminal: false, signal })) return line;
    process.stderr.write('\n');
    return undefined;
  } finally {
    // An open stdin would keep this process alive.
    process.stdin.destroy();
  }
}
