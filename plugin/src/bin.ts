import { main } from './commands/main.ts';
import { nodeProblem } from './node-version.ts';

// Whoever reads our output may stop reading: the verdict stands all the same.
process.stdout.on('error', () => {});
const problem = nodeProblem();
if (problem === undefined) process.exitCode = main(process.argv.slice(2), process.env);
else {
  process.stderr.write(`Error: ${problem}\n`);
  process.exitCode = 2;
}
