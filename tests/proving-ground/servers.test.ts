import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram } from '../../proving-ground/servers/find.ts';
import { startServer, temporaryFolder } from '../../proving-ground/servers/process.ts';

describe('findProgram', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'find-program-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  function program(version: string, mode = 0o755): string {
    const file = path.join(folder, version, 'bin', 'a-database-of-nobody');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, '', { mode });
    return file;
  }
  const find = () => findProgram('a-database-of-nobody', [path.join(folder, '*/bin')]);

  it('finds nothing where there is nothing', () => expect(find()).toBeUndefined());

  it('takes the highest version of several', () => {
    program('9');
    const newest = program('17');
    program('16.4');
    expect(find()).toBe(newest);
  });

  it('passes over what cannot be run', () => {
    program('17', 0o644);
    const older = program('16');
    expect(find()).toBe(older);
  });

  it('looks on the path first', () => expect(findProgram('sh', [folder])).toMatch(/\/sh$/));
});

describe('a server that does not start', () => {
  it('is told apart from a slow one by its end, in its own words, and leaves no folder', async () => {
    const folder = temporaryFolder('no-server');
    const program = {
      command: process.execPath,
      args: ['-e', 'console.error("the port is taken"); process.exit(1)'],
      folder,
      stopSignal: 'SIGTERM',
    } as const;
    const refused = async () => {
      throw new Error('connection refused');
    };
    await expect(startServer(program, refused)).rejects.toThrow('the port is taken');
    expect(fs.existsSync(folder)).toBe(false);
  });
});
