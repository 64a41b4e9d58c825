import { describe, expect, it } from 'vitest';
import { createBlotter } from '../../plugin/src/recording/secrets/index.ts';
import { createSeen } from '../../plugin/src/recording/secrets/seen.ts';

describe('a memory of texts that were searched', () => {
  it('calls a text new once', () => {
    const isNew = createSeen();
    expect(['a', 'b', 'a', 'b'].map(isNew)).toEqual([true, true, false, false]);
  });

  it('keeps no long text, so a long one is always new', () => {
    const isNew = createSeen();
    const long = 'x'.repeat(2000);
    expect([isNew(long), isNew(long)]).toEqual([true, true]);
  });

  it('forgets all once it is full, so it does not grow with the run', () => {
    const isNew = createSeen();
    isNew('first');
    for (let text = 0; text < 20_000; text++) isNew(`${text}`);
    expect(isNew('first')).toBe(true);
  });
});

describe('a secret in a request', () => {
  const SECRET = 'hunter2-hunter2';
  const requests = {
    'in the header': { headers: { authorization: `Bearer ${SECRET}` } },
    'in the path': { headers: {}, path: `/book?token=${SECRET}` },
    'in the body': { headers: {}, body: Buffer.from(JSON.stringify({ password: SECRET })) },
    'at the end of a long body': {
      headers: {},
      body: Buffer.from(JSON.stringify({ filler: 'x'.repeat(3000), password: SECRET })),
    },
  };
  it.each(Object.entries(requests))('%s is found after a request that differs from it only there', (_, request) => {
    const blotter = createBlotter();
    const others = {
      headers: { authorization: 'none' },
      path: '/book?token=',
      body: Buffer.from(JSON.stringify({ filler: 'x'.repeat(3000), password: '' })),
    };
    blotter.sent(others);
    blotter.sent({ ...others, ...request });
    expect(blotter.text(`it was ${SECRET}`)).toBe('it was ***');
  });
});
