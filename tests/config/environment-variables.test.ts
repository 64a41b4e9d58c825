import { describe, expect, it } from 'vitest';
import { errorOf, resolve } from './resolve.ts';

const GUEST = { inventories: ['A'], orderVariables: false };

describe('environment variables', () => {
  const all = {
    ORDER_VUS: '7',
    ORDER_BASE_URL: 'https://elsewhere.test',
    ORDER_SEAT_IDS: 'x,y',
    ORDER_EVENT_ID: 'e',
    ORDER_READ_BACK: '/seats/{id}',
    ORDER_TOKEN: 'secret\nsecret',
    ORDER_OUTPUT_DIR: '/tmp/out',
  };

  it('change nothing in a suite that did not ask for them, whatever they hold, and are named as ignored', () => {
    const { ignoredVariables, ...settings } = resolve(GUEST, all);
    const { ignoredVariables: none, ...without } = resolve(GUEST);
    expect(settings).toEqual(without);
    expect(none).toEqual([]);
    expect(ignoredVariables.toSorted()).toEqual(Object.keys(all).toSorted());
  });

  it('count as unset where they are empty', () => {
    expect(resolve(GUEST, { ORDER_VUS: '', ORDER_TOKEN: ' ' }).ignoredVariables).toEqual([]);
  });

  it('override a suite that asked for them', () => {
    const settings = resolve(undefined, { ...all, ORDER_TOKEN: 'one-line' });
    expect(settings).toMatchObject({ target: 'https://elsewhere.test', outputDir: '/tmp/out', ignoredVariables: [] });
    expect(settings.plan.inventories).toMatchObject([{ key: 'x' }, { key: 'y' }]);
  });

  it('set only the folder in a suite of the user’s own that the script runs', () => {
    const settings = resolve(GUEST, { ...all, ORDER_COMMAND: './run-order-race-test.sh dev', ORDER_QUIET: '1' });
    expect(settings).toMatchObject({ target: 'http://127.0.0.1:3000/orders', outputDir: '/tmp/out' });
    expect(settings.console.quiet).toBe(true);
    expect(settings.ignoredVariables).not.toContain('ORDER_OUTPUT_DIR');
    expect(settings.ignoredVariables).toContain('ORDER_VUS');
  });

  it('say where a run runs in every suite: those are not ignored', () => {
    const machines = { ORDER_MACHINES: '3', ORDER_MEET: 'redis://r', ORDER_RUN_ID: 'x', ORDER_JOIN_MS: '5' };
    expect(resolve(GUEST, machines).ignoredVariables).toEqual([]);
  });

  it.each([
    ['ORDER_SEATIDS', 'ORDER_SEAT_IDS'],
    ['ORDER_SEATS', 'ORDER_SEAT_IDS'],
    ['ORDER_VU', 'ORDER_VUS'],
    ['ORDER_BASEURL', 'ORDER_BASE_URL'],
    ['ORDER_TOKENS', 'ORDER_TOKEN'],
    ['ORDER_ORGANISATION_ID', 'ORDER_ORGANIZATION_ID'],
    ['ORDER_EVENT', 'ORDER_EVENT_ID'],
    ['order_vus', 'ORDER_VUS'],
  ])('are refused where they are misspelt: %s', (name, meant) => {
    expect(errorOf(() => resolve(undefined, { [name]: 'x' })).message).toBe(
      `${name}: unknown variable; did you mean "${meant}"?`,
    );
    // Nobody reads the right name there either.
    expect(() => resolve(GUEST, { [name]: 'x' })).not.toThrow();
  });

  it('are refused in every suite where every suite reads the right name', () => {
    expect(errorOf(() => resolve(GUEST, { ORDER_MACHINE: '3' })).message).toContain('did you mean "ORDER_MACHINES"?');
  });

  it('may be the suite’s own', () => {
    const own = { ORDER_CLIENT_SECRET: 'x', ORDER_TOKEN_URL: '/t', ORDER_DATABASE: 'd', ORDER_SEATIDS: '' };
    expect(resolve(undefined, own).ignoredVariables).toEqual([]);
  });

  it.each(['s3cret\nb', 's3cret\n', 's3cret\r\nb', 's3cret\0', 'ключ'])(
    'refuse a token that no header can carry',
    (token) => {
      const { message } = errorOf(() => resolve(undefined, { ORDER_TOKEN: token }));
      expect(message).toMatch(
        /^ORDER_TOKEN: has a (line break|character that no header can carry); a token is one line/,
      );
      expect(message).not.toContain(token.trim());
    },
  );

  it('are no advice for a suite that ignores them', () => {
    const { message } = errorOf(() => resolve({ ...GUEST, requires: ['eventId'] }));
    expect(message).toBe('config.variables.eventId: missing; set it under config.environments.dev.variables');
  });
});

describe('checks of `ensure`', () => {
  const ensured = (ensure: object, race: object = GUEST) => resolve(race, {}, { ensure });
  const guarded = (ensure: object) => resolve(GUEST, {}, { plugins: { race: GUEST, ensure } });

  it('are refused under the names that bundled scenarios have, in a suite of the user’s own', () => {
    expect(
      errorOf(() => ensured({ thresholds: [{ 'http.response_time.p95': 5 }, { 'order_request.p95': 9 }] })).message,
    ).toBe(
      'config.ensure.thresholds.1: the metric order_request is called race.order_request in this suite; write race.order_request',
    );
    const conditions = [{ expression: 'vusers.failed == 0 and successful_bookings == 3 and conflict_409 > 1' }];
    expect(errorOf(() => guarded({ conditions })).problems.map(({ path, fix }) => [path, fix])).toEqual([
      ['config.plugins.ensure.conditions.0.expression', 'write race.successful_bookings'],
      ['config.plugins.ensure.conditions.0.expression', 'write race.conflict_409'],
    ]);
  });

  it('may use the new names, `race.spread`, and longer names of the suite’s own', () => {
    const thresholds = [{ 'race.order_request.p95': 5 }, { 'race.spread.p99': 5 }, { 'shop.failed_bookings': 1 }];
    expect(() => ensured({ thresholds, conditions: [{ expression: 'failed_bookings_total == 1' }] })).not.toThrow();
    expect(() => ensured({ p95: 100, maxErrorRate: 1 })).not.toThrow();
  });

  it('keep the old names in the bundled scenarios', () => {
    const conditions = [{ expression: 'successful_bookings == 3' }];
    expect(() => ensured({ conditions }, { inventories: ['A'] })).not.toThrow();
  });
});
