import { describe, expect, it } from 'vitest';
import { consentFrom, warningOf } from '../../cli/confirm.ts';
import { plan } from '../support/histories.ts';

const run = (contenders: number, capacities: readonly number[], target = 'https://api.test/orders') => ({
  environment: 'prod',
  label: 'seat',
  target,
  plan: plan({ contenders, inventories: capacities.map((capacity, index) => ({ key: `s${index}`, capacity })) }),
});

describe('the warning', () => {
  it('says how many bookings the run tries to make, and where', () => {
    expect(warningOf(run(100, Array(16).fill(1)))).toBe(
      'This will try to make real bookings: 100 VUs × 16 seats = 1,600 requests to https://api.test/orders ' +
        '(environment prod); up to 16 seats will be booked for good.',
    );
  });

  it('says "1 seat" and not "1 seats", and counts the units of pools', () => {
    expect(warningOf(run(100, [1]))).toMatch(/× 1 seat = 100 requests .* up to 1 seat will be booked/);
    expect(warningOf(run(100, [10, 5]))).toMatch(/× 2 seats = 200 requests .* up to 15 units will be booked/);
  });

  it('knows that an amount is spent, and that a room can be booked by everybody', () => {
    const inventories = [{ key: 'ann', capacity: 10.5, amount: '10.50' }];
    const spent = { ...run(20, [1]), plan: plan({ contenders: 20, inventories, rule: { name: 'balance' } }) };
    expect(warningOf(spent)).toMatch(/up to 10\.50 will be spent for good/);
    const booked = { ...run(20, [1]), plan: { ...run(20, [1]).plan, rule: { name: 'intervals' } as const } };
    expect(warningOf(booked)).toMatch(/up to 20 units will be booked for good/);
  });

  it('hides credentials in the URL', () => {
    expect(warningOf(run(2, [1], 'https://user:secret@api.test/orders?key=secret'))).not.toContain('secret');
  });
});

describe('consent', () => {
  it.each([
    [{ yes: true, ci: undefined, terminal: false }, 'go'],
    [{ yes: false, ci: 'true', terminal: false }, 'go'],
    [{ yes: false, ci: '1', terminal: true }, 'go'],
    [{ yes: false, ci: undefined, terminal: true }, 'ask'],
    [{ yes: false, ci: 'false', terminal: true }, 'ask'],
    [{ yes: false, ci: '', terminal: false }, 'refuse'],
    [{ yes: false, ci: '0', terminal: false }, 'refuse'],
    [{ yes: false, ci: undefined, terminal: false }, 'refuse'],
  ] as const)('with %j: %s', (circumstances, consent) => {
    expect(consentFrom(circumstances)).toBe(consent);
  });
});
