/*
 * What `artillery run-lambda` and `run-aci` do on the machine where they are typed: Artillery's own Launcher with the plugins of
 * the script. Only the cloud is missing: its two machines report at once that they are done.
 *
 * node cloud-leader.mjs FOLDER-OF-ARTILLERY LAUNCH-TYPE SCRIPT.json
 */
import EventEmitter from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, launchType, file] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(path.join(folder, 'dist/lib', name)).href);
const { createGlobalObject } = await load('artillery-global.js');
await createGlobalObject();
const { default: createLauncher } = await load('launch-platform.js');
const { ssms } = await load('core/index.js');

const script = { ...JSON.parse(fs.readFileSync(file, 'utf8')), _scriptPath: path.resolve(file) };
artillery.log = console.log;
artillery.testInfo = { metadata: { launchType } };
const launcher = await createLauncher(script, undefined, {}, { platform: 'local', mode: 'multiply', count: 2 });
const events = new EventEmitter();
const report = ssms.SSMS.serializeMetrics({ counters: {}, histograms: {}, rates: {}, period: `${Date.now()}` });
launcher.platform = {
  events,
  getDesiredWorkerCount: () => 2,
  async startJob() {
    for (const id of ['one', 'two']) events.emit('done', id, { id, report });
  },
  async shutdown() {},
};
const done = new Promise((resolve) => launcher.events.once('done', resolve));
await launcher.run();
await done;
await launcher.shutdown();
console.log(`loaded: ${artillery.plugins.length}`);
process.exit(artillery.suggestedExitCode ?? 0);
