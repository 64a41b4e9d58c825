import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram } from '../../bench/find-program.ts';
import { startServer, temporaryFolder } from '../../proving-ground/servers/process.ts';

describe('findProgram', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'find-program-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  function program(version: string, mode = 0o755): string {
    const file = path.join(folder, version, 'bin', 'an-unknown-database');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, '', { mode });
    return file;
  }
  const find = () => findProgram('an-unknown-database', [path.join(folder, '*/bin')]);

  it('returns undefined when the program is nowhere', () => expect(find()).toBeUndefined());

  it('prefers the highest version', () => {
    program('9');
    const newest = program('17');
    program('16.4');
    expect(find()).toBe(newest);
  });

  it('skips a file that is not executable', () => {
    program('17', 0o644);
    const older = program('16');
    expect(find()).toBe(older);
  });

  it('searches the path first', () => expect(findProgram('sh', [folder])).toMatch(/\/sh$/));
});

describe('a server that does not start', () => {
  it('is noticed when it exits; the error has the output of the server, and the folder is removed', async () => {
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
