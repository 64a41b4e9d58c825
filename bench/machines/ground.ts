import { execFileSync, spawnSync } from 'node:child_process';
import type { Listening } from '../capture/tcpdump.ts';

/** Where the machines of a bench are. */
export interface Ground {
  /** The address of the target and of Redis. */
  readonly host: string;
  /** Where the packets to the target can be captured, on the target's side. */
  readonly listening: Listening;
  /** The command that starts a program on a machine: 1, 2, 3 … */
  within(machine: number): readonly string[];
  /** For people: what the machines have of their own. */
  readonly description: string;
  close(): void;
}

const BRIDGE = 'br0';
const ADDRESS = '10.99.0';

/**
 * A network namespace for each machine, and one for the target and Redis, joined by a bridge. Machines also have monotonic
 * clocks of their own, where the kernel has time namespaces. Without the permission for all this, they share the loopback.
 */
export function openGround(machines: number): Ground {
  const all = Array.from({ length: machines + 1 }, (_, index) => index);
  const close = () => {
    for (const machine of all) spawnSync('ip', ['netns', 'del', nameOf(machine)], { stdio: 'ignore' });
  };
  try {
    for (const machine of all) {
      ip('netns', 'add', nameOf(machine));
      ip('-n', nameOf(machine), 'link', 'set', 'lo', 'up');
    }
    joinByBridge(all.slice(1));
  } catch (error) {
    close();
    return loopback((error as Error).message.trim().split('\n').at(-1) ?? '');
  }
  process.on('exit', close);
  const isTimeOwn = spawnSync('unshare', ['--time', 'true']).status === 0;
  return {
    host: `${ADDRESS}.1`,
    listening: { device: BRIDGE, within: enter(0) },
    within: (machine) => (isTimeOwn ? [...enter(machine), ...atOtherTime(machine)] : enter(machine)),
    description: `each machine in a network namespace${isTimeOwn ? ' and a time namespace' : ''} of its own`,
    close,
  };
}

const loopback = (reason: string): Ground => ({
  host: '127.0.0.1',
  listening: { device: 'lo', within: [] },
  within: () => [],
  description: `all machines on the loopback, because there are no network namespaces here (${reason})`,
  close() {},
});

const nameOf = (machine: number): string => `race-bench-${process.pid}-${machine}`;
const enter = (machine: number): readonly string[] => ['ip', 'netns', 'exec', nameOf(machine)];

/** Hours ahead of the others, as machines are that were switched on earlier. */
const atOtherTime = (machine: number): readonly string[] => {
  const seconds = String(machine * 10_000);
  return ['unshare', '--time', '--monotonic', seconds, '--boottime', seconds, '--fork', '--kill-child'];
};

function joinByBridge(machines: readonly number[]): void {
  const target = nameOf(0);
  ip('-n', target, 'link', 'add', BRIDGE, 'type', 'bridge');
  ip('-n', target, 'addr', 'add', `${ADDRESS}.1/24`, 'dev', BRIDGE);
  ip('-n', target, 'link', 'set', BRIDGE, 'up');
  for (const machine of machines) {
    const own = nameOf(machine);
    ip('-n', target, 'link', 'add', `m${machine}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', own);
    ip('-n', target, 'link', 'set', `m${machine}`, 'master', BRIDGE, 'up');
    ip('-n', own, 'addr', 'add', `${ADDRESS}.${machine + 10}/24`, 'dev', 'eth0');
    ip('-n', own, 'link', 'set', 'eth0', 'up');
  }
}

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
