/*
 * What Artillery takes along to the machines of a cloud, as it works it out itself.
 *
 * node cloud-bundle.mjs FOLDER-OF-ARTILLERY SCRIPT
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, script] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(path.join(folder, 'dist/lib', name)).href);
const { createGlobalObject } = await load('artillery-global.js');
await createGlobalObject();
const { createBOM } = await load('platform/aws-ecs/legacy/bom.js');
createBOM(script, [], { flags: {}, scenarioPath: script }, (error, { files = [], modules = [] } = {}) => {
  console.log(JSON.stringify({ error: error?.message, files: files.map((one) => path.basename(one.orig)), modules }));
  process.exit(error ? 1 : 0);
});
