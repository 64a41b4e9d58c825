import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Opens a file in the program that the desktop uses for it. If that fails, it prints a line: the race is over anyway. */
export async function openFile(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [file], { stdio: 'ignore', detached: true });
  await new Promise<void>((resolve) => {
    child.once('spawn', resolve);
    child.once('error', () => {
      console.error(`Cannot open ${file}: there is no ${opener} here.`);
      resolve();
    });
  });
  child.unref();
}
