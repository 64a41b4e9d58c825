import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Opens a file in the program that the desktop has for it. Where there is none, a line says so: it is no failure. */
export async function openFile(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [file], { stdio: 'ignore', detached: true });
  await new Promise<void>((resolve) => {
    child.once('spawn', resolve);
    child.once('error', () => {
      console.error(`There is no ${opener} here to open ${file} with.`);
      resolve();
    });
  });
  child.unref();
}
