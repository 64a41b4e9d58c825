/** What stands for a variable of the shell, or for a secret: Artillery reads it from the environment. */
export const environmentTemplate = (name: string): string => `{{ $env.${name} }}`;

/** The name of a variable of the environment for a field: `x-api-key` → `API_KEY`. */
export const environmentName = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .replace(/^(?:X_)?_*|_+$/gi, '')
    .toUpperCase() || 'SECRET';

/**
 * The beginning of the names of variables for a target: `https://api.shop.example` → `SHOP`. Without it a variable of another
 * system, such as TOKEN, would be sent to this one.
 */
export function prefixFor(origin: string): string {
  const host = /^https?:\/\/([^/:]+)/.exec(origin)?.[1] ?? '';
  if (!/[a-z]/i.test(host) || host === 'localhost') return 'RACE';
  const labels = host.split('.').filter((label) => !/^(?:www|api|app|staging|stage|test|dev|localhost)$/i.test(label));
  const name = environmentName(labels.length > 1 ? (labels.at(-2) ?? '') : (labels[0] ?? ''));
  return /^[A-Z]/.test(name) ? name : 'RACE';
}

/** The names of all variables that a text reads, in order. */
export const variablesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{\{\s*\$env\.(\w+)\s*\}\}/g)].map(([, name = '']) => name)),
];
