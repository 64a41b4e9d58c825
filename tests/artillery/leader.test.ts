import { afterEach, describe, expect, it, vi } from 'vitest';
import { Plugin } from '../../plugin/src/artillery/plugin.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Nobody could race this: the launcher would end the process for it. */
const UNUSABLE = { config: { plugins: { race: { machines: 3 } } } };

const startedBy = (launchType: string | undefined) => {
  vi.stubGlobal('artillery', { testInfo: { metadata: { launchType } } });
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  return { exit, write };
};

describe('where Artillery only collects the figures of other machines', () => {
  it.for(['aws:lambda', 'az:aci'])('the plugin stands aside: %s', (launchType) => {
    const { exit, write } = startedBy(launchType);
    const exitListeners = process.listenerCount('exit');
    const done = vi.fn();
    new Plugin(UNUSABLE).cleanup(done);
    expect(done).toHaveBeenCalledOnce();
    expect([exit.mock.calls, write.mock.calls]).toEqual([[], []]);
    expect(process.listenerCount('exit')).toBe(exitListeners);
  });

  it.for(['local', undefined])('and where it does not, it reads its settings: %s', (launchType) => {
    startedBy(launchType);
    expect(() => new Plugin(UNUSABLE)).toThrow();
  });
});
