import { main } from './offline/main.ts';

// Whoever reads our output may stop reading: the verdict stands all the same.
process.stdout.on('error', () => {});
process.exitCode = main(process.argv.slice(2), process.env);
