// npm run bench:peers [-- --arms ours-http1,k6 --contenders 100 --rounds 16 --repeat 3 --target node --json --dry --help]
//
// How do we compare with other tools: the spread by packets, what a run costs, and how many bugs it finds? Writes
// docs/benchmarks.md.

import os from 'node:os';
import { captureProblem } from './capture/tcpdump.ts';
import { runCommand } from './command.ts';
import { describeMachine, openFilesProblem } from './machine.ts';
import { coresFor } from './peers/cores.ts';
import { type PeerField, type PeerRun, runPeer } from './peers/measure.ts';
import { PEERS, type PeerName } from './peers/names.ts';
import { HELP, type PeersOptions, readPeersOptions } from './peers/options.ts';
import { firstRoundsOf, peerFigures } from './peers/results.ts';
import { goVersion, startPeerTarget, TARGET_TITLES, targetProblem } from './peers/target/index.ts';
import { TOOLS, type Tool } from './peers/tools.ts';
import { writeSectionIfAny } from './report/files.ts';
import { describePeerRun, type PeersReport, peersSection } from './report/peers.ts';

/** Widths of the window, in microseconds. The section in docs/benchmarks.md says what the target makes of them. */
const WINDOWS_US = [50, 250, 1000, 5000];

interface Racer {
  readonly name: PeerName;
  readonly tool: Tool;
  readonly right: PeerRun[];
  readonly wrong: PeerRun[];
}

await runCommand(async (dir) => {
  const options = readPeersOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const problem = targetProblem(options.target) ?? openFilesProblem(options.contenders);
  if (problem !== undefined) throw new Error(problem);
  const say = (line: string) => (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  const report = await compare(options, dir, say);
  const { machine, versions, arms, skipped } = report;
  if (options.json) process.stdout.write(`${JSON.stringify({ machine, versions, arms, skipped }, null, 2)}\n`);
  else {
    const section = peersSection(report, options);
    say(`\n${section}\n`);
    if (!options.dry) say(writeTable(section, options));
  }
});

/** @returns what was written, for people */
function writeTable(section: string, { arms, target, contenders }: PeersOptions): string {
  if (arms.length < PEERS.length) return 'docs/benchmarks.md keeps its table: not all tools were to be compared.';
  const isThere = writeSectionIfAny(`peers-${target}-${contenders}`, section);
  const which = `${contenders} contenders and the target in ${TARGET_TITLES[target]}`;
  return isThere
    ? `docs/benchmarks.md has this table now.`
    : `docs/benchmarks.md has no table for ${which}: not written.`;
}

async function compare(options: PeersOptions, dir: string, say: (line: string) => void): Promise<PeersReport> {
  const skipped: { name: PeerName; install: string }[] = [];
  const racers = options.arms.flatMap((name): Racer[] => {
    const tool = TOOLS[name].find(dir);
    if (tool !== undefined) return [{ name, tool, right: [], wrong: [] }];
    const { install } = TOOLS[name];
    skipped.push({ name, install });
    say(`${name} is not installed: ${install}`);
    return [];
  });
  const noPackets = captureProblem();
  if (noPackets !== undefined) say(`no spread, because no packets are captured: ${noPackets}`);
  const cores = coresFor(os.availableParallelism());
  const target = await startPeerTarget(options.target, cores, dir);
  let number = 0;
  try {
    await raceAll(racers, options, { target, cores, dir, nextNumber: () => ++number }, noPackets === undefined, say);
  } finally {
    await target.stop();
  }
  return {
    machine: describeMachine(),
    cores,
    versions: Object.assign(
      { node: process.versions.node },
      options.target === 'go' && { go: goVersion() },
      ...racers.map(({ tool }) => tool.versions),
    ),
    ...(noPackets !== undefined && { note: `no packets were captured: ${noPackets.split('\n')[0]}` }),
    arms: racers.map(({ name, tool, right, wrong }) =>
      peerFigures({ name, lines: tool.lines, right, wrong }, options, WINDOWS_US),
    ),
    rightExitCodes: racers.map(({ right }) => right.at(-1)?.exitCode ?? 0),
    firstRounds: racers.map(({ wrong }) => firstRoundsOf(wrong)),
    windows: WINDOWS_US.map((us) => ({
      us,
      tookMs: racers.flatMap(({ wrong }) =>
        wrong.flatMap(({ rounds }) => rounds.flatMap((round) => (round.windowUs === us ? (round.tookMs ?? []) : []))),
      ),
    })),
    skipped,
  };
}

/** The tools take turns, so that other work on the machine affects all of them. */
async function raceAll(
  racers: readonly Racer[],
  { contenders, rounds, repeat }: PeersOptions,
  field: PeerField,
  isCaptured: boolean,
  say: (line: string) => void,
): Promise<void> {
  for (let turn = 0; turn < repeat; turn++) {
    // Four runs begin with another width each: a tool is cold in its first round.
    const first = turn % WINDOWS_US.length;
    const windows = [...WINDOWS_US.slice(first), ...WINDOWS_US.slice(0, first)];
    for (const { name, tool, right, wrong } of racers) {
      await field.target.setWindows([0]);
      right.push(await runPeer(TOOLS[name], tool, { contenders, rounds }, field, isCaptured));
      await field.target.setWindows(windows);
      wrong.push(await runPeer(TOOLS[name], tool, { contenders, rounds: rounds * windows.length }, field, false));
      say(`${name}, run ${turn + 1} of ${repeat}`);
      for (const run of [right.at(-1), wrong.at(-1)]) if (run !== undefined) say(describePeerRun(run));
    }
  }
}
