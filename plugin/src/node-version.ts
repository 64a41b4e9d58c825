import manifest from '../package.json' with { type: 'json' };

const numbersIn = (version: string) => version.replace(/^\D*/, '').split('.').map(Number);

/**
 * A sentence if this version of Node is too old. npm only warns: the race would run, book, and end without a verdict.
 */
export function nodeProblem(version: string = process.versions.node): string | undefined {
  const [major = 0, minor = 0] = numbersIn(version);
  const [leastMajor = 0, leastMinor = 0] = numbersIn(manifest.engines.node);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return `Node ${version} is too old: artillery-plugin-race needs ${leastMajor}.${leastMinor} or newer`;
}
