import { describe, expect, it } from 'vitest';
import { publicUrl, resolveRun } from '../../plugin/src/config/index.ts';
import { errorOf, resolve } from './resolve.ts';

describe('the set-up of a run', () => {
  it('has a default for everything except the inventories', () => {
    expect(resolve()).toMatchObject({
      environment: 'dev',
      target: 'http://127.0.0.1:3000/orders',
      label: 'seat',
      plan: {
        contenders: 100,
        inventories: [{ key: 'A', capacity: 1 }],
        readBack: false,
        limits: { rejections: [400, 409, 423], serverErrors: 0, p95Ms: 2000, spreadMs: 50, overlap: 0.5 },
      },
      rendezvousTimeoutMs: 10_000,
      attemptTimeoutMs: 10_000,
      readBack: undefined,
      outputDir: 'output',
      outputName: 'order_race_all_seats',
      console: { failuresPerRound: 3, allFailures: false, quiet: false, verbose: false },
    });
  });

  it.each([
    [{}, {}, 10_000],
    [{}, { http: { timeout: 30 } }, 30_000],
    [{}, { http: { timeout: '2.5' } }, 2500],
    [{}, { timeout: 5, http: { timeout: 30 } }, 5000],
    [{}, { http: { timeout: 0 } }, 10_000],
    [{}, { http: null }, 10_000],
    [{ timeoutMs: 700 }, { http: { timeout: 30 } }, 700],
  ])('waits for an answer as long as %j says, else as Artillery does with %j', (attempt, config, timeoutMs) => {
    const settings = resolve({ inventories: ['A'], attempt }, {}, config);
    expect(settings.attemptTimeoutMs).toBe(timeoutMs);
    expect(settings.published).toMatchObject({ attempt: { timeoutMs } });
  });

  it.each([
    [{ targetVersion: 'v2.1' }, { GITHUB_SHA: '1a2b3c4' }, 'v2.1'],
    [{ targetVersion: 2.1 }, {}, '2.1'],
    [{ targetVersion: ' ' }, { GITHUB_SHA: '1a2b3c4' }, '1a2b3c4'],
    [{}, { CI_COMMIT_SHA: '5d6e7f8' }, '5d6e7f8'],
    [{}, { GIT_COMMIT: '9a0b1c2' }, '9a0b1c2'],
    [{}, {}, ''],
  ])('knows the version of the target from the suite (%j), or else from the CI (%j)', (block, env, version) => {
    expect(resolve({ inventories: ['A'], ...block }, env).targetVersion).toBe(version);
  });

  it('is overridden by environment variables', () => {
    const settings = resolve(undefined, {
      ORDER_VUS: '7',
      ORDER_BASE_URL: 'https://api.example.com/v2/bookings',
      ORDER_SEAT_IDS: 'x, y ,z',
      ORDER_READ_BACK: '/seats/{id}',
      ORDER_OUTPUT_DIR: '/tmp/out',
      ORDER_EVENT_ID: 'e',
      ORDER_SESSION_ID: ' ',
    });
    expect(settings).toMatchObject({
      plan: { contenders: 7, readBack: true, inventories: [{ key: 'x' }, { key: 'y' }, { key: 'z' }] },
      contenders: { count: 7, areAll: true, arrivals: 7 },
      target: 'https://api.example.com/v2/bookings',
      readBack: [{ path: '/seats/{id}', orderIds: '$.order_ids[*]' }],
      outputDir: '/tmp/out',
      variables: { eventId: 'e' },
    });
  });

  it('gives the seats a capacity, and nothing else', () => {
    const seats = { ORDER_SEAT_IDS: 'x,y', ORDER_CAPACITY: '3' };
    const both = [
      { key: 'x', capacity: 3 },
      { key: 'y', capacity: 3 },
    ];
    const inventoriesOf = (race: object | undefined, env: Record<string, string>, variables: object = {}) =>
      resolve(race, env, { variables }).plan.inventories;
    expect(inventoriesOf(undefined, seats)).toEqual(both);
    expect(inventoriesOf({ inventories: '$seats' }, seats, { seats: ['a'] })).toEqual(both);
    expect(inventoriesOf({ inventories: '$seats' }, { ORDER_CAPACITY: '3' }, { seats: ['a'] })).toEqual([
      { key: 'a', capacity: 3 },
    ]);
    const pools = [{ key: 'floor', capacity: 7 }];
    expect(inventoriesOf({ inventories: '$pools' }, seats, { pools })).toEqual(pools);
    expect(inventoriesOf({ inventories: pools }, { ORDER_CAPACITY: '3' })).toEqual(pools);
  });

  it('takes into the plan how long the target needs to decide, if the suite says so', () => {
    const planned = (readBack: unknown, env = {}) => resolve({ inventories: ['A'], readBack }, env).plan.settleMs;
    expect(planned('/seats/{id}')).toBeUndefined();
    expect(planned({ path: '/seats/{id}' })).toBeUndefined();
    expect(planned({ path: '/seats/{id}', settleMs: 200 })).toBe(200);
    expect(planned({ path: '/seats/{id}', settleMs: 200 }, { ORDER_READ_BACK: 'off' })).toBeUndefined();
    expect(planned({ path: '/seats/{id}', settleMs: 200 }, { ORDER_READ_BACK: '/s/{id}' })).toBe(200);
  });

  it('takes a text for the number that it is, as Artillery fills in a variable, where only a number is right', () => {
    const { plan } = resolve({
      inventories: ['17'],
      limits: { p95Ms: '5000', overlap: '0.25' },
    });
    expect(plan).toMatchObject({ inventories: [{ key: '17' }], limits: { p95Ms: 5000, overlap: 0.25 } });
    expect(() => resolve({ inventories: ['A'], limits: { p95Ms: '5 s' } })).toThrow('limits.p95Ms: must be a number');
    expect(() => resolve({ inventories: ['A'], limits: { p95Ms: '-5' } })).toThrow('limits.p95Ms');
  });

  it('takes placeholders into all JSONPaths of a read-back, bare ones too', () => {
    const asking = (path: string) =>
      resolve({
        inventories: ['A'],
        readBack: { get: '/seats', taken: { body: { [path]: 'SOLD' } }, free: { has: [path] } },
      });
    expect(asking('$.seats[?@.id == {key}].state').readBack).toHaveLength(1);
    expect(asking('$.seats.{key}').readBack).toHaveLength(1);
    expect(() => asking('$.seats[?@.id == {key}')).toThrow('is not a JSONPath');
  });

  it.each([
    { each: '$.seats[{key}]' },
    { free: { body: { '$.seats[{key}].state': 'OPEN' } } },
    { taken: [{ has: ['$.seats[{key}]'] }] },
  ])('refuses a JSONPath that fits the first key alone: %j', (rules) => {
    const asking = (...inventories: string[]) => resolve({ inventories, readBack: { get: '/seats', ...rules } });
    expect(asking('A1', '1', 'O’Hare').readBack).toHaveLength(1);
    expect(() => asking('A1', '1.5')).toThrow(/readBack: \$\.seats\[\{key\}\]\S* is not a JSONPath for 1\.5: /);
  });

  it('keeps ids that are numbers for the flow, and calls them by their text', () => {
    const written = ['A', 17, { key: 18, capacity: 2 }, 1.5, { key: '19' }];
    const { plan, keys } = resolve({ inventories: '$ids' }, {}, { variables: { ids: written } });
    expect(plan.inventories.map(({ key }) => key)).toEqual(['A', '17', '18', '1.5', '19']);
    expect(keys).toEqual(['A', 17, 18, 1.5, '19']);
    expect(resolve({ inventories: [1] }, { ORDER_SEAT_IDS: '1,2' }).keys).toEqual(['1', '2']);
  });

  it('has a read-back that ORDER_READ_BACK switches off, or sends elsewhere', () => {
    const race = { inventories: ['A'], readBack: { path: '/seats/{id}', orderIds: '$.ids[*]' } };
    expect(resolve(race, { ORDER_READ_BACK: 'off' }).readBack).toBeUndefined();
    expect(resolve(race, { ORDER_READ_BACK: '/s/{id}' }).readBack).toMatchObject([
      { path: '/s/{id}', orderIds: '$.ids[*]' },
    ]);
    expect(resolve({ ...race, readBack: 'off' }).readBack).toBeUndefined();
    expect(resolve({ ...race, readBack: '/x/{y}' }).readBack).toMatchObject([{ path: '/x/{y}' }]);
  });

  it('allows as rejections the statuses of the suite’s own refusal', () => {
    const withRefusal = (refusal: object) =>
      resolve({ inventories: ['A'], outcome: { refusal } }).plan.limits.rejections;
    expect(withRefusal({ status: [200], body: { '$.ok': false } })).toEqual([200]);
    expect(withRefusal({ body: { '$.ok': false } })).toEqual(['100-599']);
  });

  it('allows as rejections the statuses that operations and polls call a refusal', () => {
    const outcome = {
      operations: { hold: { refusal: { status: [410] }, settled: { refusal: [{ status: [418] }, { text: 'x' }] } } },
      settled: { refusal: { status: [200], body: { '$.state': 'REJECTED' } } },
    };
    expect(resolve({ outcome }).plan.limits.rejections).toEqual([400, 409, 423, 200, 410, 418]);
    expect(resolve({ outcome, limits: { rejections: [409] } }).plan.limits.rejections).toEqual([409]);
  });

  it('may say how the operations are read that a rule names', () => {
    const rule = { name: 'exclusive', operations: ['pay', 'drop'] };
    const operations = { pay: { orderId: '$.payment' } };
    expect(resolve({ rule, outcome: { operations } }).outcome.operations?.pay).toMatchObject(operations.pay);
    expect(errorOf(() => resolve({ rule, outcome: { operations: { pai: {} } } })).message).toContain(
      'did you mean "pay"?',
    );
  });

  it('calls what is fought over by the words of the suite, which win over the label', () => {
    expect(resolve({ label: 'slot', words: { one: 'invite' } })).toMatchObject({
      label: 'invite',
      plan: { words: { one: 'invite', many: 'invites' } },
    });
    expect(resolve({ words: { one: 'ox', many: 'oxen' } }).plan.words).toEqual({ one: 'ox', many: 'oxen' });
    expect(resolve({ label: 'slot' }).plan).not.toHaveProperty('words');
    expect(errorOf(() => resolve({ words: { won: 'x' } })).message).toContain('did you mean "one"?');
  });

  it('decides a poll only by a refusal that is written', () => {
    const written = { refusal: { status: [409] } };
    expect(resolve({}).outcome.settled).toEqual({});
    expect(resolve({ outcome: written }).outcome.settled).toEqual(written);
    const settled = { refusal: { status: [410] } };
    const operations = { hold: { orderId: '$.id' }, book: { refusal: { status: [423] } }, cancel: { settled } };
    expect(resolve({ outcome: { ...written, operations } }).outcome.operations).toEqual({
      hold: { orderId: '$.id', settled: written },
      book: { refusal: { status: [423] }, settled: { refusal: { status: [423] } } },
      cancel: { settled },
    });
  });

  it('takes as a refusal every error status that the limits allow as a rejection', () => {
    const refusalBy = (rejections?: (number | string)[]) =>
      resolve({ inventories: ['A'], limits: { rejections } }).outcome.refusal;
    expect(refusalBy()).toEqual({ status: ['400-499'] });
    expect(refusalBy([200, 403, 500, '400-410'])).toEqual({ status: ['400-499', 403, 500] });
  });
});

describe('bad input is one line that says where, what and the fix', () => {
  it.each<[string, string | RegExp, () => unknown]>([
    [
      'a read-back that is only switched on',
      'config.plugins.race.readBack: must be off, a path such as /seats/{seatId}, or a mapping with one (received true)',
      () => resolve({ readBack: true }),
    ],
    [
      'a read-back that is no path: the short form is shown',
      /^config\.plugins\.race\.readBack: must begin .* \(received "seats"\)$/,
      () => resolve({ readBack: 'seats' }),
    ],
    [
      'a read-back that asks the same about every inventory',
      /^config\.plugins\.race\.readBack: asks the same about every inventory: \/seats; name the inventory/,
      () => resolve({ readBack: '/seats' }),
    ],
    [
      'a rehearsal that is only switched on',
      'config.plugins.race.rehearsal: must be off, or a mapping such as { rounds: 5 }; it is on by default (received true)',
      () => resolve({ rehearsal: true }),
    ],
    [
      'an inventory that is null',
      'config.plugins.race.inventories.0: must be an id such as "A1", or a mapping such as { key: "A1", capacity: 1 } (received null)',
      () => resolve({ inventories: [null] }),
    ],
    [
      'a success that every answer would meet',
      'config.plugins.race.outcome.success: must have a status or a condition on the rest of the answer: everything would meet it (received {})',
      () => resolve({ outcome: { success: {} } }),
    ],
    [
      'a condition on the body with a key that is not a JSONPath',
      /^config\.plugins\.race\.outcome\.success\.body\.success: the key is not a JSONPath \(RFC 9535\): /,
      () => resolve({ outcome: { success: { body: { success: true } } } }),
    ],
    [
      'a condition on the body that is a list',
      'config.plugins.race.outcome.success.body.$.a: must be one value, or a mapping such as { above: 0 } (received [1])',
      () => resolve({ outcome: { success: { body: { '$.a': [1] } } } }),
    ],
    [
      'a header that is a broken pattern',
      'config.plugins.race.outcome.success.header.location: is not a pattern: Invalid regular expression: /(/: Unterminated group (received "/(/")',
      () => resolve({ outcome: { success: { header: { location: '/(/' } } } }),
    ],
    [
      'a broken pattern in a list of conditions',
      /^config\.plugins\.race\.outcome\.refusal\.1\.text: is not a pattern: /,
      () => resolve({ outcome: { refusal: [{ status: [409] }, { text: '/sold[/i' }] } }),
    ],
    [
      'a broken pattern in a body',
      /^config\.plugins\.race\.outcome\.success\.body\.\$\.a: is not a pattern: /,
      () => resolve({ outcome: { success: { body: { '$.a': '/(/' } } } }),
    ],
    [
      'a broken pattern of an operation',
      /^config\.plugins\.race\.outcome\.operations\.hold\.refusal\.text: is not a pattern: /,
      () => resolve({ outcome: { operations: { hold: { refusal: { text: '/(/' } } } } }),
    ],
    [
      'a broken pattern of a read-back',
      /^config\.plugins\.race\.readBack\.taken\.text: is not a pattern: /,
      () => resolve({ readBack: { path: '/s/{id}', taken: { text: '/(/' } } }),
    ],
    [
      'a header with a name that no header has',
      'config.plugins.race.outcome.success.header.my header: the key must be the name of a header, such as location',
      () => resolve({ outcome: { success: { header: { 'my header': 'x' } } } }),
    ],
    [
      'an unknown word in a condition',
      'config.plugins.race.outcome.success.headers: unknown key; did you mean "header"?',
      () => resolve({ outcome: { success: { headers: { location: 'x' } } } }),
    ],
    [
      'an unknown comparison',
      'config.plugins.race.outcome.success.body.$.left.abov: unknown key; did you mean "above"?',
      () => resolve({ outcome: { success: { body: { '$.left': { abov: 0 } } } } }),
    ],
    [
      'a bound that is no number',
      'config.plugins.race.outcome.success.body.$.left.above: must be a number (received "many")',
      () => resolve({ outcome: { success: { body: { '$.left': { above: 'many' } } } } }),
    ],
    [
      'a comparison with nothing',
      'config.plugins.race.outcome.success.body.$.left: must compare with something, such as { above: 0 } (received {})',
      () => resolve({ outcome: { success: { body: { '$.left': {} } } } }),
    ],
    [
      'an order id whose pattern is broken',
      /^config\.plugins\.race\.outcome\.orderId\.match: is not a pattern: /,
      () => resolve({ outcome: { orderId: { header: 'location', match: '(' } } }),
    ],
    [
      'an unknown word where a value is found',
      'config.plugins.race.outcome.orderId.mach: unknown key; did you mean "match"?',
      () => resolve({ outcome: { orderId: { header: 'location', mach: 'x' } } }),
    ],
    [
      'units that are no path',
      /^config\.plugins\.race\.outcome\.units: is not a JSONPath \(RFC 9535\): /,
      () => resolve({ outcome: { units: 'seats' } }),
    ],
    [
      'a misspelt setting of an operation',
      'config.plugins.race.outcome.operations.hold.grantd: unknown key; did you mean "granted"?',
      () => resolve({ outcome: { operations: { hold: { grantd: '$.id' } } } }),
    ],
    [
      'redirects that are neither judged nor followed',
      'config.plugins.race.outcome.redirects: must be one of judge, follow (received true)',
      () => resolve({ outcome: { redirects: true } }),
    ],
    [
      'an operation that the rule does not know',
      'config.plugins.race.outcome.operations.hodl: the rule order-race knows no such operation; did you mean "hold"?',
      () => resolve({ outcome: { operations: { hodl: { orderId: '$.id' } } } }),
    ],
    [
      'a function beside a condition',
      'config.plugins.race.outcome.refusal: the function readAnswer says that; remove one of the two',
      () => resolve({ outcome: { function: 'readAnswer', refusal: { status: [409] } } }),
    ],
    [
      'an unknown environment',
      'environment "prodution": not under config.environments; did you mean "production"?',
      () => resolve(undefined, {}, {}, 'prodution'),
    ],
    [
      'an environment with a name like no other',
      'environment "x": not under config.environments; known: demo, dev, production',
      () => resolve(undefined, {}, {}, 'x'),
    ],
    ...['0', '-1', '1', '1.5', 'abc', '1e3', '99999999'].map((value): [string, string, () => unknown] => [
      `ORDER_VUS of ${value}`,
      `ORDER_VUS: must be a whole number from 2 to 20000, because a race needs two (received "${value}")`,
      () => resolve(undefined, { ORDER_VUS: value }),
    ]),
    [
      'an empty list of seats',
      'config.plugins.race.inventories: must name at least one: there is nothing to race for (received [])',
      () => resolve({ inventories: [] }),
    ],
    [
      'an empty list of seats in the environment',
      'config.environments.dev.variables.seats: is empty; list what the contenders race for there, or in ORDER_SEAT_IDS',
      () => resolve({ inventories: '$seats' }, {}, { variables: { seats: [] } }),
    ],
    [
      'another empty list in the environment',
      'config.environments.dev.variables.coupons: is empty; list what the contenders race for there',
      () => resolve({ inventories: '$coupons' }, {}, { variables: { coupons: [] } }),
    ],
    [
      'a block with a misspelt name',
      'config.plugins.race: missing; did you mean "raec"?',
      () => resolve(undefined, {}, { plugins: { raec: {} } }),
    ],
    ['no block', 'config.plugins.race: missing; add it', () => resolve(undefined, {}, { plugins: {} })],
    [
      'a seat twice',
      'config.plugins.race.inventories: names seat "A" twice; each seat is one round: name it once',
      () => resolve({ inventories: ['A', 'B', 'A'] }),
    ],
    [
      'a seat twice in ORDER_SEAT_IDS',
      'ORDER_SEAT_IDS: names seat "x" twice; each seat is one round: name it once',
      () => resolve(undefined, { ORDER_SEAT_IDS: 'x,x' }),
    ],
    ...['0', '1.5', 'two'].map((capacity): [string, string, () => unknown] => [
      `ORDER_CAPACITY ${capacity}`,
      `ORDER_CAPACITY: must be a whole number from 1 to 1000000 (received "${capacity}")`,
      () => resolve(undefined, { ORDER_SEAT_IDS: 'x', ORDER_CAPACITY: capacity }),
    ]),
    [
      'ORDER_SEAT_IDS without an id',
      'ORDER_SEAT_IDS: names no seat; separate the ids by commas',
      () => resolve(undefined, { ORDER_SEAT_IDS: ',' }),
    ],
    [
      'a missing id',
      'config.variables.eventId: missing; set it under config.environments.dev.variables, or ORDER_EVENT_ID',
      () => resolve({ inventories: ['A'], requires: ['eventId'] }),
    ],
    [
      'a variable that goes to the virtual users in turn and is no list',
      'config.plugins.race.inTurn: names "user", so config.variables.user must be a list with at least one entry',
      () => resolve({ inventories: ['A'], inTurn: ['user'] }, {}, { variables: { user: 'ann' } }),
    ],
    [
      'a malformed URL',
      'ORDER_BASE_URL: must be a URL such as https://api.example.com/orders (received "localhost:3000")',
      () => resolve(undefined, { ORDER_BASE_URL: 'localhost:3000' }),
    ],
    ['a URL of another scheme', /received "ftp:\/\/x"/, () => resolve(undefined, { ORDER_BASE_URL: 'ftp://x' })],
    [
      'a target with a placeholder for a host',
      'config.environments.dev.target: missing; set it, or ORDER_BASE_URL, to the URL that books',
      () => resolve(undefined, {}, { target: 'https://my-api.invalid/orders' }),
    ],
    [
      'no target',
      'config.environments.dev.target: missing; set it, or ORDER_BASE_URL, to the URL that books',
      () => resolve(undefined, {}, { target: '' }),
    ],
    [
      'a misspelt key',
      'config.plugins.race.limits.p95: unknown key; did you mean "p95Ms"?',
      () => resolve({ limits: { p95: 1 } }),
    ],
    [
      'a misspelt key of the block',
      'config.plugins.race.inventoris: unknown key; did you mean "inventories"?',
      () => resolve({ inventoris: ['A'] }),
    ],
    [
      'a misspelt key of the read-back',
      'config.plugins.race.readBack.orderId: unknown key; did you mean "orderIds"?',
      () => resolve({ readBack: { path: '/x/{y}', orderId: '$' } }),
    ],
    [
      'a misspelt key of an operation',
      'config.plugins.race.outcome.operations.hold.orderID: unknown key; did you mean "orderId"?',
      () => resolve({ outcome: { operations: { hold: { orderID: '$.id' } } } }),
    ],
    [
      'an id of more digits than a number holds',
      'config.plugins.race.inventories.0: has too many digits for a number: put it in quotes (received 1152921504606847000)',
      () => resolve({ inventories: [2 ** 60] }),
    ],
    [
      'the same id as a number and as text',
      'config.plugins.race.inventories: names seat "7" twice; each seat is one round: name it once',
      () => resolve({ inventories: ['7', 7] }),
    ],
    [
      'a pool that has enough for everybody',
      'config.plugins.race.inventories.0.capacity: 100 for 100 contenders, so nobody has to lose; use more contenders or a smaller capacity',
      () => resolve({ inventories: [{ key: 'A', capacity: 100 }] }),
    ],
    [
      'a range that begins with the larger status',
      'config.plugins.race.limits.rejections.0: must begin with the smaller status (received "499-400")',
      () => resolve({ limits: { rejections: ['499-400'] } }),
    ],
    [
      'a read-back path with two parts in braces that are no fields',
      /readBack: \{eventId\} in \/events\/\{eventId\}\/seats\/\{seatId\} is neither the key nor a field of inventory A1/,
      () => resolve({ readBack: { path: '/events/{eventId}/seats/{seatId}' } }),
    ],
    [
      'a read-back that asks nobody',
      'config.plugins.race.readBack.get: must say whom to ask: get, post, sql or function (received nothing)',
      () => resolve({ readBack: { units: '$.sold' } }),
    ],
    [
      'a read-back that asks two',
      /readBack\.sql: must be left out: get says whom to ask/,
      () => resolve({ readBack: { get: '/x/{y}', sql: 'SELECT $1' } }),
    ],
    [
      'a read-back with two counts',
      /readBack\.remaining: must be left out: units says what is booked/,
      () => resolve({ readBack: { get: '/x/{y}', units: '$.sold', remaining: '$.left' } }),
    ],
    [
      'a body for a GET',
      /readBack\.json: must be sent with post/,
      () => resolve({ readBack: { get: '/x/{y}', json: {} } }),
    ],
    [
      'SQL without a database',
      /readBack\.database: must say where sql runs/,
      () => resolve({ readBack: { sql: 'SELECT 1' } }),
    ],
    [
      'a header of a read-back that no header can carry',
      'config.plugins.race.readBack.headers.x-key: has a character that no header can carry: encode it, such as in Base64 (received ***)',
      () => resolve({ readBack: { get: '/seats/{key}', headers: { 'x-key': 'geheim€' } } }),
    ],
    [
      'a header of inventories that has no name',
      'config.plugins.race.inventories.headers.x key: is not the name of a header (received ***)',
      () => resolve({ inventories: { get: '/seats', key: '$.id', headers: { 'x key': 'a' } } }),
    ],
    [
      'a read-back at an impossible port',
      /^config\.plugins\.race\.readBack: is not a URL: look at its host and its port/,
      () => resolve({ readBack: 'https://shop.test:80800/seats/{key}' }),
    ],
    [
      'inventories from an impossible port',
      /^config\.plugins\.race\.inventories\.get: is not a URL: look at its host and its port/,
      () => resolve({ inventories: { get: 'https://shop.test:80800/seats', key: '$.id' } }),
    ],
    [
      'a database at an impossible port',
      /^config\.plugins\.race\.readBack: the URL of the database is not a URL; (?!.*secret)/,
      () => resolve({ readBack: { sql: 'SELECT $1', database: 'postgres://u:secret@h:80800/d' } }),
    ],
    [
      'SQL that asks the same about every inventory',
      /^config\.plugins\.race\.readBack: the statement asks the same about every inventory; name the key by \$1 or \?$/,
      () => resolve({ inventories: ['A', 'B'], readBack: { sql: 'SELECT 1 AS units', database: 'sqlite:x' } }),
    ],
    [
      'SQL with a placeholder in quotes',
      /\{key\} stands in quotes, where nothing is bound; write \{key\} without quotes/,
      () => resolve({ readBack: { sql: "SELECT 1 FROM t WHERE a = '{key}'", database: 'postgres://h/d' } }),
    ],
    [
      'a database of no known kind, without its password',
      /the URL of the database is of no known kind; it must begin with postgres:\/\/, (?!.*secret)/,
      () => resolve({ readBack: { sql: 'SELECT $1', database: 'mongodb://u:secret@h/d' } }),
    ],
    [
      'SQL with a JSONPath',
      /readBack\.units: must be left out beside sql/,
      () => resolve({ readBack: { sql: 'SELECT 1', database: 'sqlite:x', units: '$' } }),
    ],
    [
      'a database without SQL, and without its password',
      'config.plugins.race.readBack.sql: missing: database says where it runs (received nothing)',
      () => resolve({ readBack: { get: '/x/{y}', database: 'postgres://u:secret@h/d' } }),
    ],
    [
      'a database in place of a path, without its password',
      /readBack: must begin .* \(received "postgres:\/\/\*\*\*@h\/d"\)$/,
      () => resolve({ readBack: 'postgres://u:secret@h/d' }),
    ],
    [
      'a wrong read-back in a list',
      /config\.plugins\.race\.readBack\.1\.path: must begin/,
      () => resolve({ readBack: ['/seats/{seat}', { path: 'stock' }] }),
    ],
    [
      'a template in no JSONPath',
      /readBack\.each: is not a JSONPath/,
      () => resolve({ readBack: { get: '/x', each: "$.seats[?@.id = '{key}']" } }),
    ],
    [
      'a token for a target that has credentials already',
      'ORDER_TOKEN: is set, and the target holds credentials too; only one of them can be sent',
      () => resolve(undefined, { ORDER_BASE_URL: 'http://u:p@127.0.0.1/', ORDER_TOKEN: 't' }),
    ],
    [
      'a capacity of 0',
      'config.plugins.race.inventories.0.capacity: must be a whole number from 1, or an amount above 0 (received 0)',
      () => resolve({ inventories: [{ key: 'A', capacity: 0 }] }),
    ],
    [
      'text that is not a JSONPath',
      /config.plugins.race.outcome.orderId: is not a JSONPath/,
      () => resolve({ outcome: { orderId: 'order id' } }),
    ],
    [
      'text that is not a status',
      /config.plugins.race.outcome.success.status.0: must be a status such as 409/,
      () => resolve({ outcome: { success: { status: ['2xx'] } } }),
    ],
    [
      'a read-back path without a seat',
      /ORDER_READ_BACK: must be "off", or a path .* \(received "\/seats"\)/,
      () => resolve(undefined, { ORDER_READ_BACK: '/seats' }),
    ],
    [
      'no number of contenders',
      /config.plugins.race.contenders: missing/,
      () => resolve(undefined, {}, { phases: [{ duration: 1, arrivalRate: 5 }] }),
    ],
    [
      'ORDER_VUS for a script without an arrivalCount',
      /ORDER_VUS: needs a script with exactly one phase/,
      () => resolve(undefined, { ORDER_VUS: '5' }, { phases: [{ arrivalRate: 5 }] }),
    ],
    [
      'an arrivalCount of one',
      'config.phases.0.arrivalCount: must be at least 2: a race needs two (received 1)',
      () => resolve(undefined, {}, { phases: [{ duration: 60, arrivalCount: 1 }] }),
    ],
    ['a block that is a list', 'config.plugins.race: must be a mapping (received [])', () => resolve([])],
    [
      'text for a number',
      'config.plugins.race.contenders: must be a whole number, all, or { each: any } (received "50")',
      () => resolve({ contenders: '50' }),
    ],
    ['a number for text', 'config.plugins.race.label: must be text (received 5)', () => resolve({ label: 5 })],
    ['an empty text', 'config.plugins.race.label: must not be empty (received "")', () => resolve({ label: '' })],
    [
      'an unknown protocol',
      'config.plugins.race.wire: must be one of auto, http1, http2; did you mean "http1"? (received "http3")',
      () => resolve({ wire: 'http3' }),
    ],
    [
      'an unknown release',
      'config.plugins.race.release: must be simultaneous, one-at-a-time, or a mapping such as { shape: ramp, spanMs: 40 } (received "fast")',
      () => resolve({ release: 'fast' }),
    ],
    [
      'an inventory without a key',
      'config.plugins.race.inventories.0.key: missing; must be text or a number',
      () => resolve({ inventories: [{ capacity: 2 }] }),
    ],
    [
      'no phases',
      'config.phases: missing',
      () => resolveRun({ config: { target: 'http://h', plugins: {} }, environment: undefined, env: {} }),
    ],
  ])('%s', (_what, message, make) => {
    if (typeof message === 'string') expect(errorOf(make).message).toBe(message);
    else expect(errorOf(make).message).toMatch(message);
    expect(errorOf(make).message).not.toContain('\n');
  });

  it('all problems of a block at once, a line each', () => {
    expect(errorOf(() => resolve({ a: 1, b: 2 })).message.split('\n')).toHaveLength(2);
  });

  it('is an object as well: where, what was received, and the fix', () => {
    expect(errorOf(() => resolve({ limits: { p95: 1, overlap: 2 } })).problems).toEqual([
      { path: 'config.plugins.race.limits.overlap', received: '2', fix: 'must be at most 1' },
      { path: 'config.plugins.race.limits.p95', problem: 'unknown key', fix: 'did you mean "p95Ms"?' },
    ]);
  });

  it('never shows the credentials in a URL', () => {
    expect(errorOf(() => resolve(undefined, { ORDER_BASE_URL: 'ftp://user:pass@x' })).message).not.toMatch(
      /user|pass@/,
    );
    expect(publicUrl('https://user:pass@example.com/orders?key=secret#x')).toBe('https://example.com/orders');
  });
});

describe('the names of secrets', () => {
  it('may be literal, or patterns that are right', () => {
    expect(resolve({ inventories: ['A'], secrets: ['badge', '/^x-shop-/i'] }).secrets).toEqual([
      'badge',
      '/^x-shop-/i',
    ]);
    expect(errorOf(() => resolve({ inventories: ['A'], secrets: ['badge', '/[/'] })).message).toMatch(
      /^config\.plugins\.race\.secrets\.1: is not a pattern: /,
    );
  });
});
