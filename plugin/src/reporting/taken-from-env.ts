import fs from 'node:fs';

/**
 * The environment variables that a suite reads as `{{ $env.NAME }}`, as words for a command that repeats the run:
 * `NAME="$NAME"`. They may hold secrets, so a shell takes the values from its environment again.
 *
 * @param file the suite; one that cannot be read has none
 * @param env only what is set here counts; `ORDER_…` does not
 */
export function takenFromEnv(file: string, env: Readonly<Record<string, string | undefined>>): string[] {
  const names = new Set([...textOf(file).matchAll(/\$env\.([A-Za-z_]\w*)/g)].flatMap(([, name]) => name ?? []));
  return [...names]
    .filter((name) => env[name] !== undefined && env[name] !== '' && !name.startsWith('ORDER_'))
    .toSorted()
    .map((name) => `${name}="$${name}"`);
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
