import type { Arm } from './arm.ts';
import { autocannon } from './autocannon.ts';
import { ensure } from './ensure.ts';
import { plugin } from './plugin.ts';
import { promiseAll } from './promise-all.ts';

export type { Arm, Outcome } from './arm.ts';

/** The id of the arm that uses the plugin. */
export const PLUGIN = plugin.id;

/** This plugin first, then what people use without it. */
export const ARMS: readonly Arm[] = [plugin, ensure, promiseAll, autocannon];
