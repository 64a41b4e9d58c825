import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { sourcedInventories } from '../../plugin/src/artillery/launcher/sources/index.ts';
import { errorOf, resolve } from '../config/resolve.ts';
import { it } from '../support/fixtures.ts';

describe('inventories from a CSV file', () => {
  const read = (folder: string, csv: string | undefined, source: object = {}) => {
    if (csv !== undefined) fs.writeFileSync(path.join(folder, 'seats.csv'), csv);
    const settings = resolve({ inventories: { csv: 'seats.csv', key: 'id', ...source } });
    return sourcedInventories({ config: {}, _scriptPath: path.join(folder, 'suite.yml') }, settings);
  };

  it('are text, with the other columns as fields; what is sold out is left out', ({ folder }) => {
    const csv = '\uFEFFid,stock,hall\n007,2,east\r\nB,0,west\n\nC,1,"a, b"\nD,3,west\n';
    expect(read(folder, csv, { capacity: 'stock', first: 2 })).toEqual([
      { key: '007', capacity: 2, fields: { hall: 'east' } },
      { key: 'C', capacity: 1, fields: { hall: 'a, b' } },
    ]);
  });

  it.for([
    [undefined, {}, /seats\.csv cannot be read: ENOENT/],
    ['ids\nA\n', {}, 'seats.csv has no column "id"; did you mean "ids"?'],
    ['id,stok\nA,1\n', { capacity: 'stock' }, 'seats.csv has no column "stock"; did you mean "stok"?'],
    ['id\n', {}, 'seats.csv names nothing to race for'],
    ['id,stock\nA,0\n', { capacity: 'stock' }, 'seats.csv names nothing to race for'],
    ['id,stock\nA,1\nB,many\n', { capacity: 'stock' }, 'seats.csv entry 2 has no capacity at stock: B,many'],
    ['id,hall\nA,1\n,east\n', {}, 'seats.csv entry 2 has no key at id: ,east'],
    ['id,hall\nA\n', {}, /seats\.csv cannot be read: Invalid Record Length/],
  ] as const)('end the run where they cannot be read: %j', ([csv, source, problem], { folder }) => {
    const { message } = errorOf(() => read(folder, csv, source));
    expect(message).toMatch(/^config\.plugins\.race\.inventories: /);
    expect(message).toMatch(problem);
  });

  it('are none where the suite lists them', ({ folder }) => {
    expect(sourcedInventories({ config: {}, _scriptPath: folder }, resolve())).toBeUndefined();
  });
});
