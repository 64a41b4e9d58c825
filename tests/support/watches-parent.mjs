// Writes into a file what it hears of the process that started it.
import fs from 'node:fs';
import { whenParentIsGone } from '../../plugin/src/artillery/shared/parent.ts';

const [file = ''] = process.argv.slice(2);
const parent = process.ppid;
const end = (text) => {
  fs.writeFileSync(file, text);
  process.exit();
};

whenParentIsGone(() => end('gone'));
// Later than the other could be heard.
setInterval(() => process.ppid !== parent && setTimeout(end, 1000, 'orphan, and goes on'), 100);
setTimeout(end, 20_000, 'nothing happened');
fs.writeFileSync(file, '');
