// npm run bench:machines [-- --machines 1,2,3 --contenders 120 --rounds 16 --repeat 3 --json --dry --help]
//
// How close together do the requests of several machines leave, and is it within what the report says? Writes docs/benchmarks.md.

import { captureProblem } from './capture/tcpdump.ts';
import { runCommand } from './command.ts';
import { openFilesProblem } from './machine.ts';
import { type Field, type FleetArm, runFleet } from './machines/fleet.ts';
import { openGround } from './machines/ground.ts';
import { HELP, type MachinesOptions, readMachinesOptions } from './machines/options.ts';
import { startBenchRedis } from './machines/redis.ts';
import { writeSection } from './report/files.ts';
import { describeRun, type MachinesResult, machinesSection, resultsAsJson, titleOf } from './report/machines.ts';
import { startTarget } from './target/index.ts';

await runCommand(async (dir) => {
  const options = readMachinesOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const reason = captureProblem() ?? openFilesProblem(options.contenders);
  if (reason !== undefined) throw new Error(reason);
  const ground = openGround(Math.max(...options.machines));
  const redis = await startBenchRedis(ground);
  const target = await startTarget(ground.host, ground.listening.within);
  const setting = { ground: ground.description, redis: redis.version };
  const say = options.json ? process.stderr : process.stdout;
  say.write(`${ground.description}; Redis ${redis.version}\n`);
  try {
    const results = await measureAll(options, { ground, target, redis, dir }, (line) => say.write(`${line}\n`));
    const section = machinesSection(results, options, setting);
    process.stdout.write(options.json ? `${resultsAsJson(results, options, setting)}\n` : `\n${section}\n`);
    if (!options.dry) writeSection('machines', section);
  } finally {
    await target.stop();
    await redis.stop();
    ground.close();
  }
});

/** The arms take turns, so that other work on the machine affects all of them. */
async function measureAll(
  options: MachinesOptions,
  field: Field,
  tell: (line: string) => void,
): Promise<readonly MachinesResult[]> {
  const results = armsFor(options).map((arm): MachinesResult => ({ arm, runs: [] }));
  let number = 0;
  for (let repeat = 1; repeat <= options.repeat; repeat++) {
    for (const { arm, runs } of results) {
      const rounds = await runFleet(arm, options, field, () => ++number);
      runs.push(rounds);
      tell(`${titleOf(arm)}, run ${repeat} of ${options.repeat}: ${describeRun(rounds)}`);
    }
  }
  return results;
}

/** One machine is not near to or far from anything. */
function armsFor({ machines }: MachinesOptions): FleetArm[] {
  return machines.flatMap((count): FleetArm[] =>
    count === 1
      ? [{ release: 'agreed', machines: 1, way: 'near' }]
      : (['near', 'far'] as const).flatMap((way) =>
          (['agreed', 'receipt'] as const).map((release) => ({ release, machines: count, way })),
        ),
  );
}
