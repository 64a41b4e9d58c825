// node plugin/write-schemas.ts
//
// Writes plugin/schema/*.json. A test fails when they are out of date.

import fs from 'node:fs';
import path from 'node:path';
import { schemaFiles } from './schemas.ts';

const folder = path.join(import.meta.dirname, 'schema');
fs.mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(schemaFiles())) fs.writeFileSync(path.join(folder, name), text);
