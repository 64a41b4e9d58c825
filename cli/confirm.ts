import { createInterface } from 'node:readline';
import { publicUrl, type RunSettings } from '../plugin/src/config/index.ts';
import { InputError } from './input-error.ts';

/** What decides whether somebody is asked. */
export interface Circumstances {
  /** `--yes` was given. */
  readonly yes: boolean;
  /** The variable CI. */
  readonly ci: string | undefined;
  /** Somebody is there to answer. */
  readonly terminal: boolean;
}

/** `go`: leave was given beforehand. `refuse`: nobody gave leave, and nobody is there to ask. */
export function consentFrom({ yes, ci, terminal }: Circumstances): 'go' | 'ask' | 'refuse' {
  if (yes || (ci !== undefined && !/^(|0|false|no|off)$/i.test(ci))) return 'go';
  return terminal ? 'ask' : 'refuse';
}

/** What is about to happen, plainly. */
export function warningOf(run: Pick<RunSettings, 'environment' | 'target' | 'label' | 'plan'>): string {
  const { contenders, inventories } = run.plan;
  const rounds = inventories.length;
  const units = inventories.reduce((sum, inventory) => sum + inventory.capacity, 0);
  return (
    `This will try to make real bookings: ${contenders} VUs × ${counted(rounds, run.label)} = ` +
    `${contenders * rounds} requests to ${publicUrl(run.target)} (environment ${run.environment}); ` +
    `up to ${counted(units, units === rounds ? run.label : 'unit')} will be booked for good.`
  );
}

/**
 * Says what is about to happen and gets leave for it.
 *
 * @throws InputError where there is none
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
      throw new InputError('not started: there is no terminal to ask at; say --yes (or set CI) if this is meant');
    case 'ask':
      process.stderr.write('Type "yes" to go on: ');
      if ((await firstLineOfInput(signal))?.trim().toLowerCase() !== 'yes') throw new InputError('not started');
  }
}

// Not readline's own question: that takes the terminal over, and then Ctrl-C is no signal any more.
async function firstLineOfInput(signal: AbortSignal): Promise<string | undefined> {
  try {
    for await (const line of createInterface({ input: process.stdin, terminal: false, signal })) return line;
    process.stderr.write('\n');
    return undefined;
  } finally {
    // A terminal that is still open would keep this process alive.
    process.stdin.destroy();
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
