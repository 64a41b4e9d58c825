import { main } from './commands/main.ts';
import { nodeProblem } from './node-version.ts';

// The reader of a pipe may close it early; the verdict and the exit code stay the same.
process.stdout.on('error', () => {});
const problem = nodeProblem();
if (problem === undefined) process.exitCode = await main(process.argv.slice(2), process.env);
else {
  process.stderr.write(`Error: ${problem}\n`);
  process.exitCode = 2;
}
