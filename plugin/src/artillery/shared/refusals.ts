import { BroadcastChannel } from 'node:worker_threads';
import type { RunContext } from './run-context.ts';

/**
 * Takes what only a worker can find wrong with the input, such as a function that the processor does not export, to the launcher,
 * which ends the process.
 */
export const refusalChannel = ({ runId }: RunContext) => new BroadcastChannel(`artillery-plugin-race:${runId}:refusal`);
