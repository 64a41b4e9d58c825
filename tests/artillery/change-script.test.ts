import { describe, expect, it } from 'vitest';
import type { ArtilleryScript } from '../../plugin/src/artillery/shared/artillery.ts';
import { changeScript } from '../../plugin/src/artillery/worker/change-script.ts';
import type { RunSettings } from '../../plugin/src/config/index.ts';

/** The configuration of a script after a worker has changed it. */
function changed(config: ArtilleryScript['config'], contenders: RunSettings['contenders'], tls = {}) {
  const script: ArtilleryScript = { config };
  const settings = { target: 'http://staging', variables: { seat: 'A' }, contenders } as unknown as RunSettings;
  changeScript(script, settings, tls);
  return script.config;
}

describe('the script that a worker runs', () => {
  it('has the target and the variables of the run, beside its own variables', () => {
    expect(changed({ target: 'http://x', variables: { seat: 'B', row: 1 } }, { count: 7, areAll: true })).toEqual({
      target: 'http://staging',
      variables: { seat: 'A', row: 1 },
    });
  });

  it.each<[string, boolean, object, object]>([
    ['all arrive at once if all are contenders', true, { duration: 1 }, { duration: '500ms', maxVusers: 7 }],
    ['a longer phase keeps its duration', true, { duration: 5 }, { duration: 5, maxVusers: 7 }],
    ['a scenario without a race keeps the duration', false, { duration: 1 }, { duration: 1, maxVusers: 7 }],
    ['a limit of the suite stays', true, { duration: 2, maxVusers: 3 }, { duration: 2, maxVusers: 3 }],
  ])('has as many arrivals as contenders: %s', (_what, areAll, phase, expected) => {
    const phases = [
      { duration: 9, pause: 1 },
      { arrivalCount: 2, ...phase },
    ];
    expect(changed({ phases }, { count: 7, arrivals: 7, areAll }).phases).toEqual([
      { duration: 9, pause: 1 },
      { arrivalCount: 7, ...expected },
    ]);
  });

  it('keeps its phases where nothing says how many arrive', () => {
    const phases = [{ arrivalRate: 2, duration: 1 }];
    expect(changed({ phases }, { count: 7, areAll: true }).phases).toEqual(phases);
  });

  it("has TLS options under the names of Artillery's HTTP client", () => {
    const tls = { ca: 'pem', servername: 'shop', ciphers: 'x', rejectUnauthorized: false };
    expect(changed({ tls: {} }, { count: 7, areAll: true }, tls).tls).toEqual({
      certificateAuthority: 'pem',
      serverName: 'shop',
      ciphers: 'x',
      rejectUnauthorized: false,
    });
  });
});
