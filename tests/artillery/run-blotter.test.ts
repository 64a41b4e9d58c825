import { describe, expect, it } from 'vitest';
import type { ArtilleryScript } from '../../plugin/src/artillery/shared/artillery.ts';
import { learnFromSuite, runBlotter } from '../../plugin/src/artillery/shared/run-blotter.ts';
import { createSharedSecrets } from '../../plugin/src/recording/index.ts';
import { plan } from '../support/histories.ts';

const script: ArtilleryScript = {
  config: {
    variables: {
      eventId: 'event-0123456789abc',
      sessionId: 'concert-0123456789abc',
      apiPassword: 'of-the-suite',
      signIn: {
        tokenUrl: 'https://joe:in-a-url@login.example/token',
        clientSecret: 'of-the-client',
        grant: 'password',
      },
    },
    http: { defaults: { headers: { authorization: 'Bearer of-the-headers' } } },
    plugins: { race: { secrets: ['of-all-names'], readBack: { database: 'postgres://shop:of-the-database@db/shop' } } },
  },
  scenarios: [{ flow: [{ post: { url: '/', headers: { 'x-api-key': '{{ $env.SHOP_KEY }}' } } }] }],
};
const env = {
  SHOP_KEY: 'of-the-environment',
  SHOP_API_KEY: 'of-nobody',
  ORDER_TOKEN: 'of-the-script',
  ORDER_SESSION_ID: 'other-0123456789abc',
};

function blotter(names: readonly string[] = []) {
  const inventories = [{ key: 'seat-token-1', capacity: 2, parts: ['part-1', 'part-2'] }];
  const variables = { sessionId: 'other-0123456789abc' };
  const made = runBlotter(createSharedSecrets(), { plan: plan({ inventories }), secrets: names, variables }, script);
  learnFromSuite(made, script, env);
  return made;
}

describe('the blotter of a run', () => {
  it.each(['of-the-suite', 'in-a-url', 'of-the-client', 'of-the-headers', 'of-the-script', 'of-the-database'])(
    'knows what the suite is configured with: %s',
    (secret) => {
      expect(blotter().text(`no: ${secret}! of-all-names`)).toBe('no: ***! of-all-names');
    },
  );

  it('knows the variables of the environment that the suite reads under the name of a secret, and no others', () => {
    const named = { ...script, scenarios: [{ flow: [{ post: { url: '/{{ $env.SHOP_TOKEN }}' } }] }] };
    const made = blotter();
    learnFromSuite(made, named, { SHOP_TOKEN: 'of-the-shop', OTHER_TOKEN: 'of-another' });
    expect(made.text('of-the-shop of-another of-nobody')).toBe('*** of-another of-nobody');
  });

  it('leaves what the suite itself names in public: its seats, the event, the session of the event', () => {
    const made = blotter();
    const body = { seatToken: 'seat-token-1', passcode: 'part-2', session_id: 'other-0123456789abc' };
    made.sent({ headers: {}, body: Buffer.from(JSON.stringify(body)) });
    const text = 'seat-token-1 part-2 event-0123456789abc concert-0123456789abc other-0123456789abc';
    expect(made.text(text)).toBe(text);
    expect(made.id('seat-token-1')).toBe('seat-token-1');
  });

  it('knows further names, literal ones and patterns', () => {
    const made = blotter(['X-Badge', '/^shop_/i']);
    made.sent({ headers: { 'x-badge': 'b4dge', shop_id: 'sh0p-1', other: 'other-1' } });
    expect(made.text('b4dge sh0p-1 other-1')).toBe('*** *** other-1');
  });
});
