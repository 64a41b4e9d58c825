import { describe, expect, it } from 'vitest';
import { nodeProblem } from '../../plugin/src/node-version.ts';

describe('a version of Node', () => {
  it.each(['22.18.0', '22.19.1', '24.0.0', '100.1.0', undefined])('%s is new enough', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  it.each(['22.17.9', '20.20.2', '18.0.0', '8.18.0'])('%s is too old', (version) => {
    expect(nodeProblem(version)).toBe(`Node ${version} is too old: artillery-plugin-race needs 22.18 or newer`);
  });
});
