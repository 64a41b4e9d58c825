import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { Ajv } from 'ajv';
import { describe, expect } from 'vitest';
import { OPTIONS, parseInitArguments } from '../../plugin/src/init/arguments.ts';
import { silentAsker } from '../../plugin/src/init/ask.ts';
import { writeNewSuite } from '../../plugin/src/init/new-suite.ts';
import { root } from '../support/artillery.ts';
import { it, temporaryFolder } from '../support/fixtures.ts';

/** The reader of YAML that Artillery uses. */
const artillery = createRequire(path.join(root, 'node_modules/artillery/package.json'));
const { load } = artillery('js-yaml') as { readonly load: (text: string) => unknown };

const schema = JSON.parse(fs.readFileSync(path.join(root, 'plugin/schema/suite.schema.json'), 'utf8'));
const validate = new Ajv({ strictTypes: false }).compile(schema);

// biome-ignore lint/suspicious/noExplicitAny: a suite, as a test looks into it
type Suite = any;

interface Made {
  readonly text: string;
  readonly suite: Suite;
  /** The raced request. */
  readonly post: Suite;
  readonly said: string;
  readonly folder: string;
  /** The values in `.env`. */
  readonly env: NodeJS.Dict<string>;
}

/** Runs `init` on a cURL command, and reads the suite as Artillery does. */
async function made(command: string, args: readonly string[] = [], folder = temporaryFolder('init-')): Promise<Made> {
  const input = path.join(folder, 'request.txt');
  const out = path.join(folder, 'shop.race.yml');
  fs.writeFileSync(input, command);
  const parsed = parseInitArguments([input, '--out', out, ...args]);
  if (parsed === undefined) throw new Error('asked for help');
  const said = await writeNewSuite(parsed, silentAsker);
  const text = fs.readFileSync(out, 'utf8');
  const suite = load(text) as Suite;
  expect(validate(suite) || validate.errors).toBe(true);
  const [loop] = suite.scenarios[0].flow.slice(-1);
  const dotenv = path.join(folder, '.env');
  const env = fs.existsSync(dotenv) ? parseEnv(fs.readFileSync(dotenv, 'utf8')) : {};
  return { text, suite, post: Object.values(loop.loop[0])[0], said: said.join('\n'), folder, env };
}

const curl = (body: string, ...more: readonly string[]): string =>
  [
    "curl 'https://api.shop.example/v2/orders'",
    ...more,
    `-H 'content-type: application/json' --data-raw '${body}'`,
  ].join(' \\\n  ');

const FREE = ['--inventories', 'C-15, C-16'];

describe('a suite', () => {
  it('is what a person would have written', async () => {
    const { text } = await made(
      curl(
        '{"plot":{"ref":"C-14"},"nights":2}',
        "-H 'authorization: Bearer tok-123456'",
        "-H 'accept: application/json'",
      ),
      ['--seat', 'C-14', ...FREE, '--read-back', '/plots/{plot}', '--vus', '20', '--environment', 'test'],
    );
    const [first, modeline, ...rest] = text.split('\n');
    expect(first).toBe('# Hypothesis: a plot is booked for exactly one of those who ask for it at the same instant.');
    expect(modeline).toMatch(/^# yaml-language-server: \$schema=(\.\.\/)+.*\/suite\.schema\.json$/);
    expect(rest.filter((line) => !line.startsWith('#')).join('\n')).toMatchInlineSnapshot(`
      "config:
        environments:
          test: { target: "https://api.shop.example" }
        phases:
          - { duration: 1, arrivalCount: 20 } # virtual users; all of them go for each of these at once
        plugins:
          race:
            label: plot
            inventories: [C-15, C-16] # one round for each; nobody has booked them yet
            readBack: "/plots/{plot}"
      scenarios:
        - flow:
            - loop:
                - post:
                    url: /v2/orders
                    headers: { authorization: "Bearer {{ $env.SHOP_TOKEN }}", accept: application/json }
                    json:
                      plot: { ref: "{{ $loopElement }}" }
                      nights: 2
                    race: "{{ $loopElement }}" # held until everybody is there; then all go at once
              over: $inventories # the plugin fills in what is listed above
      "
    `);
  });

  it('is for a schema that is there', async () => {
    const { text, folder } = await made(curl('{"seat":"A1"}'), FREE);
    const [, schema = ''] = /\$schema=(\S+)/.exec(text) ?? [];
    expect(fs.existsSync(path.resolve(folder, schema))).toBe(true);
  });

  it('has no more than 100 lines, whatever the request has', async () => {
    const big = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`field${at}`, { a: [at], b: { c: 'd' } }]));
    const seats = Array.from({ length: 300 }, (_, at) => `S${at}`).join();
    const { text, post, suite } = await made(curl(JSON.stringify({ seat: 'A1', big })), ['--inventories', seats]);
    expect(text.split('\n').length).toBeLessThanOrEqual(101);
    expect(post.json.big).toEqual(big);
    expect(suite.config.plugins.race.inventories).toHaveLength(300);
  });

  it('says the same to Artillery as the request did', async () => {
    const body = {
      seat: 'A1',
      ...{ date: '2026-01-02', at: '2026-01-02T10:00:00Z', no: 'no', y: 'y', on: 'on', off: 'Off', exp: '1e3' },
      ...{
        octal: '017',
        hex: '0x1f',
        time: '12:30',
        under: '1_000',
        tilde: '~',
        nothing: 'null',
        empty: '',
        dot: '.5',
      },
      ...{
        colon: 'a: b',
        hash: 'a #b',
        dash: '- a',
        star: '*a',
        and: '&a',
        bang: '!a',
        at2: '@a',
        tick: '`a',
        pct: '%a',
      },
      ...{ quote: `"a" it`, back: 'a\\b', line: 'a\nb', tab: 'a\tb', space: ' a ', brace: '{a', merge: '<<', eq: '=' },
      ...{ umlaut: 'Größe', emoji: '🎟', n: 1.5, big: 1e21, yes: true, nil: null, list: [1, 'x', { y: [] }], map: {} },
    };
    const { post } = await made(curl(JSON.stringify(body).replaceAll("'", "'\\''")), FREE);
    expect(post.json).toEqual({ ...body, seat: '{{ $loopElement }}' });
  });

  it('keeps a number of many digits as it is', async () => {
    const { post } = await made(curl('{"seat":"A1","customer":12345678901234567890}'), ['--seat', 'A1', ...FREE]);
    expect(post.body).toBe('{"seat":"{{ $loopElement }}","customer":12345678901234567890}');
    expect(post.headers).toEqual({ 'content-type': 'application/json' });
  });

  it('says the type of a text, whether the request has it in a header or not', async () => {
    const long = `curl https://shop.example/orders -d '{"seat":"A1","customer":1234567890123456789}'`;
    const { post } = await made(long, ['--seat', 'A1', ...FREE]);
    expect(post.headers).toEqual({ 'content-type': 'application/json' });
    const xml = "curl https://shop.example/orders -H 'Content-Type: text/xml; charset=utf-8' -d '<seat>A1</seat>'";
    const said = await made(xml, ['--seat', 'seat', ...FREE]);
    expect(said.post.headers).toEqual({ 'content-type': 'text/xml; charset=utf-8' });
  });

  it('has no headers of a browser', async () => {
    const noise = [
      'sec-fetch-mode: cors',
      'Sec-CH-UA: "x"',
      'User-Agent: Mozilla',
      'accept-language: de',
      'priority: u=1',
    ];
    const { post } = await made(
      curl('{"seat":"A1"}', ...noise.map((line) => `-H '${line}'`), "-H 'x-tenant: t1'"),
      FREE,
    );
    expect(post.headers).toEqual({ 'x-tenant': 't1' });
  });

  it('keeps the conditions of the booking, and a host that is not the one of its URL', async () => {
    const kept = {
      'if-match': '"v7"',
      'if-none-match': '*',
      'if-unmodified-since': 'Mon, 30 Nov 2026 09:00:00 GMT',
      host: 'tickets.example',
    };
    const headers = { ...kept, 'if-modified-since': 'Mon, 30 Nov 2026 09:00:00 GMT' };
    const options = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`);
    expect((await made(curl('{"seat":"A1"}', ...options), FREE)).post.headers).toEqual(kept);
    const same = await made(curl('{"seat":"A1"}', "-H 'Host: API.shop.example:443'"), FREE);
    expect(same.post.headers).toBeUndefined();
  });

  it('keeps what protects a session in a cookie', async () => {
    const { post } = await made(
      curl(
        '{"seat":"A1"}',
        "-H 'origin: https://shop.example'",
        "-H 'referer: https://shop.example/a?x=1'",
        "-b 'sid=s3cr3t99'",
      ),
      FREE,
    );
    expect(post.headers).toMatchObject({ origin: 'https://shop.example', referer: 'https://shop.example/a' });
  });

  it('has all cookies of the request in one header', async () => {
    const cookies = ["-b 'sid=s3cr3t99'", "-b 'cart=7'", "-H 'Cookie: theme=dark'", "-b ''"];
    const { post, env } = await made(curl('{"seat":"A1"}', ...cookies), FREE);
    expect(post.headers).toEqual({ cookie: '{{ $env.SHOP_COOKIE }}' });
    expect(env).toEqual({ SHOP_COOKIE: 'sid=s3cr3t99; cart=7; theme=dark' });
  });

  it('has a key of its own for each user and seat where the request had an idempotency key', async () => {
    const command = curl('{"seat":"A1","idempotency_key":"k-1"}', "-H 'Idempotency-Key: 7d2f2a8e'");
    const { post } = await made(command, FREE);
    expect(post.headers['idempotency-key']).toBe('{{ $uuid }}-{{ $loopElement }}');
    expect(post.json.idempotency_key).toBe('{{ $uuid }}-{{ $loopElement }}');
    const one = await made(command, ['--inventories', 'A2']);
    expect(one.post.headers['idempotency-key']).toBe('{{ $uuid }}');
  });

  it('sends forms and parts of forms as what they were', async () => {
    const form = await made("curl https://shop.example/book -d 'seat=A1&x=1 2'", FREE);
    expect(form.post.form).toEqual({ seat: '{{ $loopElement }}', x: '1 2' });
    const parts = await made('curl https://shop.example/book -F seat=A1 -F x=no', FREE);
    expect(parts.post.formData).toEqual({ seat: '{{ $loopElement }}', x: 'no' });
  });
});

describe('a form whose names stand several times', () => {
  const book = 'curl https://shop.example/book';

  it('is sent as it was, as text', async () => {
    const { post } = await made(`${book} -d 'seat=A1&extras[]=x&extras[]=y z&agree=0&agree=1'`, FREE);
    expect(post.form).toBeUndefined();
    expect(post.body).toBe('seat={{ $loopElement }}&extras%5B%5D=x&extras%5B%5D=y+z&agree=0&agree=1');
    expect(post.headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' });
  });

  it('has its parts as they were', async () => {
    const { post } = await made(`${book} -F seat=A1 -F extras=x -F extras=y`, FREE);
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(post.headers['content-type'])?.[1] ?? '?';
    const part = (name: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const parts = [part('seat', '{{ $loopElement }}'), part('extras', 'x'), part('extras', 'y')];
    expect(post.body).toBe(`${parts.join('')}--${boundary}--\r\n`);
  });

  it('keeps a secret with its escapes in .env', async () => {
    const { post, env, said } = await made(`${book} -d 'seat=A1&csrf_token=a%2Bb/c%3D%3D12345&agree=0&agree=1'`, FREE);
    expect(post.body).toBe('seat={{ $loopElement }}&csrf_token={{ $env.SHOP_CSRF_TOKEN_ENCODED }}&agree=0&agree=1');
    expect(env).toEqual({ SHOP_CSRF_TOKEN_ENCODED: 'a%2Bb%2Fc%3D%3D12345' });
    expect(said).not.toContain('escapes');
  });

  it('says what its owner has to escape', async () => {
    const { said } = await made(`${book} -d "seat=A1&code=$CODE&agree=0&agree=1"`, FREE);
    expect(said).toContain(
      'The form is sent as text: write the & + and % in {{ $env.CODE }} with the escapes of a URL.',
    );
  });

  it('refuses a name that would break it', async () => {
    const run = made(`${book} -d 'seat=A1&agree=0&agree=1'`, ['--inventories', 'A2,B&C']);
    await expect(run).rejects.toThrow(/^--inventories: B&C stands in a form/);
  });
});

describe('the seat', () => {
  const command = `curl -X PUT 'https://shop.example/halls/7/book?row=C&seat=14' --json '{"a":{"ref":"C-14"},"ids":[5]}'`;

  it.for([
    ['its value', 'C-14', ['$.a.ref']],
    ['its field', 'ref', ['$.a.ref']],
    ['its path', '$.a.ref', ['$.a.ref']],
    ['its path without a dollar', 'a.ref', ['$.a.ref']],
    ['a field of the query', 'seat', ['seat']],
    ['a value in the path', '7', ['/halls/[7]/book']],
    ['a list of one', 'ids', ['$.ids[0]']],
  ] as const)('is named by %s', async ([, seat, places]) => {
    const { said } = await made(command, ['--seat', seat, '--inventories', '8,9']);
    expect(said).toContain(`(${places.join(' and ')})`);
  });

  it('in JSON as a number has numbers beside it', async () => {
    const { suite, post } = await made(command, ['--seat', 'ids', '--inventories', '8, 9']);
    expect(suite.config.plugins.race.inventories).toEqual([8, 9]);
    expect(post.json.ids).toEqual(['{{ $loopElement }}']);
    await expect(made(command, ['--seat', 'ids', '--inventories', '8,x'])).rejects.toThrow('must be numbers');
  });

  it('in a path or a query is text', async () => {
    const { suite, post } = await made(command, ['--seat', '7', '--inventories', '8,9']);
    expect(suite.config.plugins.race.inventories).toEqual(['8', '9']);
    expect(post.url).toBe('/halls/{{ $loopElement }}/book?row=C&seat=14');
    const query = await made(command, ['--seat', 'seat', '--inventories', '8,9']);
    expect(query.post).toMatchObject({ url: '/halls/7/book', qs: { row: 'C', seat: '{{ $loopElement }}' } });
  });

  it('that stands in several places is replaced in all of them', async () => {
    const { post } = await made(`curl https://shop.example/seats/C-14/orders --json '{"seat":"C-14"}'`, [
      '--seat',
      'seat',
      ...FREE,
    ]);
    expect(post).toMatchObject({ url: '/seats/{{ $loopElement }}/orders', json: { seat: '{{ $loopElement }}' } });
  });

  it('inside a statement is replaced there', async () => {
    const { post } = await made(curl('{"query":"mutation { book(seat: \\"C-14\\", n: 1) { id } }"}'), [
      '--seat',
      'C-14',
      ...FREE,
    ]);
    expect(post.json.query).toBe('mutation { book(seat: "{{ $loopElement }}", n: 1) { id } }');
  });

  it('is guessed where there is no doubt', async () => {
    const body = '{"event_id":"e1","session_id":"s1","seat_ids":["C-14"],"organization_id":"o1"}';
    const { post, suite } = await made(curl(body), FREE);
    expect(post.json).toMatchObject({ event_id: 'e1', seat_ids: ['{{ $loopElement }}'] });
    expect(suite.config.plugins.race.label).toBeUndefined();
  });

  it.for([
    ['nothing', '{"seat":"A1"}', 'row', '--seat: nothing in POST /v2/orders is called or holds "row"'],
    [
      'several values',
      '{"a":{"ref":"A1"},"b":{"ref":"A2"}}',
      'ref',
      '"ref" stands for several values: $.a.ref (A1), $.b.ref (A2)',
    ],
    ['a small number that others are too', '{"seat":1,"count":1}', '1', 'stands in several fields: $.seat, $.count'],
  ] as const)('that matches %s is an error', async ([, body, seat, error]) => {
    await expect(made(curl(body), ['--seat', seat, '--inventories', '2,3'])).rejects.toThrow(error);
  });
});

describe('without a terminal', () => {
  it('all that is unknown is said at once, with the options that answer', async () => {
    await expect(made(curl('{"ref":"A1","code":"B2"}'))).rejects.toThrow(
      /^--seat: is needed.*\n.*\$\.ref {2}A1\n[\s\S]*--inventories: is needed/,
    );
  });

  it.for([
    ['', 'names nothing'],
    [',', 'names nothing'],
    ['A1,,A2', 'empty name'],
    ['A1,A1', 'names A1 twice'],
  ] as const)('--inventories %j is an error', async ([inventories, error]) => {
    const run = made(curl('{"seat":"A1"}'), [`--inventories=${inventories || ' '}`]);
    await expect(run).rejects.toThrow(error);
  });
});

describe('secrets', () => {
  const secrets = [
    'eyJhbGciOiJI.eyJzdWIi.c2lnbmF0dXJl',
    's3ss10n-value',
    'hunter2hunter2',
    'key-9f8e7d6c',
    'csrf-1a2b3c4d',
  ];
  const [jwt, session, password, key, csrf] = secrets;
  const command = `curl 'https://api.shop.example/orders?api_key=${key}&seat=A1' \\
    -H 'authorization: Bearer ${jwt}' -H 'x-csrf-token: ${csrf}' -b 'theme=dark; sid=${session}' \\
    --json '{"user":{"password":"${password}"},"trace":"x ${jwt} y","count":2}'`;

  it('are in .env and nowhere else', async () => {
    const { folder, said, env, text } = await made(command, ['--seat', 'seat', ...FREE]);
    fs.rmSync(path.join(folder, 'request.txt'));
    const others = fs.readdirSync(folder).filter((name) => name !== '.env');
    const public_ = [said, ...others.map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))].join('\n');
    for (const secret of secrets) expect(public_).not.toContain(secret);
    for (const secret of secrets) expect(Object.values(env).join('\n')).toContain(secret);
    expect(Object.keys(env).toSorted()).toEqual([...new Set(text.match(/(?<=\$env\.)\w+/g))].toSorted());
  });

  it('have a file that only their owner can read, and an example without them', async () => {
    const { folder, env } = await made(command, ['--seat', 'seat', ...FREE]);
    expect(fs.statSync(path.join(folder, '.env')).mode & 0o777).toBe(0o600);
    const example = parseEnv(fs.readFileSync(path.join(folder, '.env.example'), 'utf8'));
    expect(example).toEqual(Object.fromEntries(Object.keys(env).map((name) => [name, ''])));
  });

  it('are added to a .env that is there, under other names where its own are taken', async () => {
    const folder = temporaryFolder('init-');
    fs.writeFileSync(path.join(folder, '.env'), '# mine\nSHOP_TOKEN=other\nX=1');
    const { post } = await made(curl('{"seat":"A1"}', "-H 'authorization: Bearer tok-123456'"), FREE, folder);
    expect(fs.readFileSync(path.join(folder, '.env'), 'utf8')).toBe(
      '# mine\nSHOP_TOKEN=other\nX=1\nSHOP_TOKEN_2=tok-123456\n',
    );
    expect(post.headers.authorization).toBe('Bearer {{ $env.SHOP_TOKEN_2 }}');
    const again = await made(
      curl('{"seat":"A1"}', "-H 'authorization: Bearer tok-123456'"),
      [...FREE, '--force'],
      folder,
    );
    expect(again.post.headers.authorization).toBe('Bearer {{ $env.SHOP_TOKEN_2 }}');
    expect(again.env).toEqual({ SHOP_TOKEN: 'other', X: '1', SHOP_TOKEN_2: 'tok-123456' });
  });

  it.for(['a b', 'it"s', "it's", 'a#b', 'a\\nb', '$HOME', 'a=b', '`x`', '"', 'back\\', `"a" 'b'`])(
    'come back as they were: %j',
    async (value) => {
      const { env } = await made(curl(JSON.stringify({ seat: 'A1', password: value }).replaceAll("'", "'\\''")), FREE);
      expect(env).toEqual({ SHOP_PASSWORD: value });
    },
  );

  it.for([
    [
      { card: { number: '4111111111111111', cvc: '123', type: 'visa' } },
      { card: { number: '{{ $env.SHOP_CARD_NUMBER }}', cvc: '{{ $env.SHOP_CVC }}', type: 'visa' } },
    ],
    [
      { card: { number: 4111111111111111, cvc: 123 } },
      { card: { number: '{{ $env.SHOP_CARD_NUMBER }}', cvc: '{{ $env.SHOP_CVC }}' } },
    ],
    [{ password: { value: 'open sesame' } }, { password: { value: '{{ $env.SHOP_PASSWORD_VALUE }}' } }],
    [{ credentials: [{ key: 'k-1' }] }, { credentials: [{ key: '{{ $env.SHOP_CREDENTIALS_KEY }}' }] }],
    [{ pass: { gate: { seat: 'SEAT-2026-0001' } } }, { pass: { gate: { seat: '{{ $loopElement }}' } } }],
  ] as const)('are found below the name of one, and the seat is never one: %j', async ([body, written]) => {
    const json = JSON.stringify({ ref: 'SEAT-2026-0001', ...body });
    const { post } = await made(curl(json), ['--seat', 'SEAT-2026-0001', ...FREE]);
    expect(post.json).toEqual({ ref: '{{ $loopElement }}', ...written });
  });

  it('below the name of one stand in no message', async () => {
    const body = curl('{"ref":"C-14","number":"7","card":{"number":"4111111111111111"}}');
    const asked = made(body);
    await expect(asked).rejects.toThrow('$.number  7');
    await expect(asked).rejects.not.toThrow('4111');
    await expect(made(body, ['--seat', 'number', ...FREE])).rejects.toThrow('$.number (7), $.card.number (***);');
  });

  it('that are variables of the shell are left to the user', async () => {
    const { post, said, folder } = await made(
      `curl https://api.shop.example/orders -H "Authorization: Bearer $TOKEN" --json '{"seat":"A1"}'`,
      FREE,
    );
    expect(post.headers.authorization).toBe('Bearer {{ $env.TOKEN }}');
    expect(said).toContain('Fill in TOKEN');
    expect(fs.readFileSync(path.join(folder, '.env.example'), 'utf8')).toBe('TOKEN=\n');
    expect(fs.existsSync(path.join(folder, '.env'))).toBe(false);
  });
});

describe('what only the shell can work out', () => {
  it.for([
    ['-H "Authorization: Bearer $(gcloud auth print-access-token)"', 'Bearer {{ $env.FROM_SHELL }}'],
    ['-H "Authorization: Basic $(echo -n "$ME:$PASS" | base64)"', 'Basic {{ $env.FROM_SHELL }}'],
    ['-H "Authorization: Token `cat token`"', 'Token {{ $env.FROM_SHELL }}'],
    ['-b "theme=dark; sid=$(cat sid)"', 'theme=dark; sid={{ $env.FROM_SHELL }}'],
    ['-b "sid=$(cat sid); theme=dark"', 'sid={{ $env.FROM_SHELL }}; theme=dark'],
  ] as const)('is left to the user: %s', async ([option, written]) => {
    const { post, said, env } = await made(curl('{"seat":"A1"}', option), FREE);
    expect(Object.values(post.headers)).toEqual([written]);
    expect(said).toContain('Fill in FROM_SHELL in ');
    expect(env).toEqual({});
  });
});

describe('users', () => {
  const basic = curl('{"seat":"A1"}', '-u ann:captured-pw');

  it('sign in as the captured one did', async () => {
    const { post, env, text } = await made(basic, FREE);
    expect(post.auth).toEqual({ user: '{{ $env.SHOP_USER }}', pass: '{{ $env.SHOP_PASSWORD }}' });
    expect(env).toEqual({ SHOP_USER: 'ann', SHOP_PASSWORD: 'captured-pw' });
    expect(text).not.toContain('captured-pw');
  });

  it('of a header are recognised as well', async () => {
    const header = `-H 'Authorization: Basic ${Buffer.from('ann:pa:ss-word').toString('base64')}'`;
    const { post, env } = await made(curl('{"seat":"A1"}', header), FREE);
    expect(post.headers).toBeUndefined();
    expect(env).toEqual({ SHOP_USER: 'ann', SHOP_PASSWORD: 'pa:ss-word' });
  });

  it('are the ones of --user', async () => {
    const one = await made(basic, [...FREE, '--user', 'bob:bob-pw']);
    expect(one.env).toEqual({ SHOP_USER: 'bob', SHOP_PASSWORD: 'bob-pw' });
    const two = await made(basic, [...FREE, '--user', 'bob:bob-pw', '--user', 'eve:eve:pw']);
    expect(two.post.auth).toEqual({ user: '{{ user.name }}', pass: '{{ user.password }}' });
    expect(two.suite.config.plugins.race.inTurn).toEqual(['user']);
    expect(two.suite.config.variables.user).toHaveLength(2);
    expect(two.env).toEqual({
      SHOP_USER_1: 'bob',
      SHOP_PASSWORD_1: 'bob-pw',
      SHOP_USER_2: 'eve',
      SHOP_PASSWORD_2: 'eve:pw',
    });
  });

  it('may stand in a CSV, which stays where it is', async () => {
    const folder = temporaryFolder('init-');
    const csv = path.join(folder, 'users.csv');
    fs.writeFileSync(csv, 'username,password\nann,a-secret\nbob,b-secret\n');
    const { post, suite, env } = await made(basic, [...FREE, '--user', csv], folder);
    expect(suite.config.payload).toEqual({
      path: 'users.csv',
      fields: ['username', 'password'],
      order: 'sequence',
      skipHeader: true,
    });
    expect(post.auth).toEqual({ user: '{{ username }}', pass: '{{ password }}' });
    expect(env).toEqual({});
  });

  it.for([
    ['ann', '--user: must be name:password, or a CSV file'],
    ['missing.csv', '--user: there is no file missing.csv'],
  ] as const)('--user %s is an error', async ([user, error]) => {
    await expect(made(basic, [...FREE, '--user', user])).rejects.toThrow(error);
  });

  it('cannot sign in by a token of somebody else', async () => {
    const run = made(curl('{"seat":"A1"}', "-H 'authorization: Bearer tok-123456'"), [...FREE, '--user', 'a:b']);
    await expect(run).rejects.toThrow('--user: the request signs in by its authorization');
  });
});

describe('bad input writes nothing', () => {
  it('a suite that is there, without --force', async () => {
    const folder = temporaryFolder('init-');
    const { text } = await made(curl('{"seat":"A1"}'), FREE, folder);
    const again = made(curl('{"seat":"A1"}', "-H 'authorization: Bearer tok-123456'"), FREE, folder);
    await expect(again).rejects.toThrow('is there already; --force');
    expect(fs.readFileSync(path.join(folder, 'shop.race.yml'), 'utf8')).toBe(text);
    expect(fs.readdirSync(folder).toSorted()).toEqual(['request.txt', 'shop.race.yml']);
  });

  it.for([
    ['a GET', "curl 'https://shop.example/seats/A1'", 'books nothing'],
    ['PowerShell', 'Invoke-WebRequest -Uri "https://shop.example"', 'copy the request as cURL (bash)'],
    ['anything else', 'hello', 'is no cURL command'],
    ['nothing', ' \n', 'is empty'],
  ] as const)('%s', async ([, command, error]) => {
    const folder = temporaryFolder('init-');
    await expect(made(command, ['--seat', 'A1', ...FREE], folder)).rejects.toThrow(error);
    expect(fs.readdirSync(folder)).toEqual(['request.txt']);
  });
});

describe('a request that the input does not show in full', () => {
  const operation = {
    parameters: [
      { name: 'owner', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'pitchId', in: 'path', required: true, schema: { type: 'string' } },
    ],
    requestBody: {
      content: {
        'application/json': {
          schema: { type: 'object', required: ['email'], properties: { email: { type: 'string' } } },
        },
      },
    },
    responses: { 201: { description: 'booked' } },
  };
  const document = JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'x', version: '1' },
    servers: [{ url: 'https://api.shop.example' }],
    paths: { '/{owner}/pitches/{pitchId}/stays': { post: operation } },
  });

  it('names its seat by the parameter alone', async () => {
    const { post } = await made(document, ['--seat', 'pitchId', ...FREE]);
    expect(post.url).toBe('/{{ $env.OWNER }}/pitches/{{ $loopElement }}/stays');
    expect(post.json).toEqual({ email: 'string' });
  });

  it('is filled in by the user, as console and suite say', async () => {
    const { said, text, folder } = await made(document, ['--seat', 'pitchId', ...FREE]);
    expect(said).toMatch(/^Made up, because the document shows no value; put in real ones: \$\.email\.$/m);
    expect(text).toMatch(/^# Made up, .*\$\.email\.$/m);
    expect(said).toMatch(/^Fill in OWNER in /m);
    expect(fs.readFileSync(path.join(folder, '.env.example'), 'utf8')).toBe('OWNER=\n');
  });

  it('says which files it leaves out', async () => {
    const boundary = 'X-BOUNDARY';
    const parts = ['name="seat"\r\n\r\nA1', 'name="photo"; filename="me.png"\r\nContent-Type: image/png\r\n\r\nPNG'];
    const body = parts.map((part) => `--${boundary}\r\nContent-Disposition: form-data; ${part}\r\n`).join('');
    const type = `content-type: multipart/form-data; boundary=${boundary}`;
    const { post, said } = await made(
      `curl https://shop.example/orders -H '${type}' --data-raw $'${body.replaceAll('\r\n', '\\r\\n')}--${boundary}--\\r\\n'`,
      FREE,
    );
    expect(post.formData).toEqual({ seat: '{{ $loopElement }}' });
    expect(said).toMatch(/^Left out, because no suite can send a file: photo\.$/m);
  });
});

it.each([
  ['<order><seat>A1</seat></order>', '<order><seat>{{ $loopElement }}</seat></order>'],
  ['{"seat":"A1","id":12345678901234567890}', '{"seat":"{{ $loopElement }}","id":12345678901234567890}'],
  ['mutation { book(seat: "A1") { id } }', 'mutation { book(seat: "{{ $loopElement }}") { id } }'],
])('finds the seat by its name in the text %s', async (text, written) => {
  const command = `curl https://shop.example/orders -H 'content-type: text/plain' --data-raw '${text}'`;
  expect((await made(command, ['--seat', 'seat', ...FREE])).post.body).toBe(written);
});

describe('a secret', () => {
  const secret = 'hunter/22+=x';
  const encodings = {
    'in Base64': Buffer.from(secret).toString('base64'),
    'behind a name in Base64': `Basic ${Buffer.from(`ann:${secret}`).toString('base64')}`,
    'with the escapes of a URL': encodeURIComponent(secret),
  };

  it.each(Object.entries(encodings))('is hidden %s too', async (_, text) => {
    const { post, env } = await made(curl(JSON.stringify({ seat: 'A1', password: secret, again: text })), FREE);
    expect(post.json.again).toBe('{{ $env.SHOP_AGAIN }}');
    expect(env.SHOP_AGAIN).toBe(text);
  });

  it('of the sign-in is hidden in the booking as well', async () => {
    const entry = (url: string, json: object, answer: object) => ({
      request: {
        ...{ method: 'POST', url: `https://shop.example${url}` },
        headers: url === '/orders' ? [{ name: 'authorization', value: 'Bearer tok-12345' }] : [],
        postData: { mimeType: 'application/json', text: JSON.stringify(json) },
      },
      response: { status: 201, headers: [], content: { mimeType: 'application/json', text: JSON.stringify(answer) } },
    });
    const entries = [
      entry('/login', { user: 'ann', password: secret }, { token: 'tok-12345' }),
      entry('/orders', { seat: 'A1', confirm: secret }, { id: 1 }),
    ];
    const { text, said } = await made(JSON.stringify({ log: { version: '1.2', entries } }), FREE);
    expect(text + said).not.toContain(secret);
  });
});

it('says of a 202 that the recording does not show how it went on', async () => {
  const request = {
    ...{ method: 'POST', url: 'https://shop.example/orders', headers: [] },
    postData: { mimeType: 'application/json', text: '{"seat":"A1"}' },
  };
  const entries = [{ request, response: { status: 202, headers: [] } }];
  const { said } = await made(JSON.stringify({ log: { version: '1.2', entries } }), FREE);
  expect(said).toMatch(/^The booking was accepted \(202\), .*--probe learns it\.$/m);
});

it.each(['A/1', 'A?', '#1', '50%', 'A\\1'])('refuses %s, which a path would not hold as it is', async (seat) => {
  const command = "curl -X POST 'https://shop.example/seats/A1/book'";
  await expect(made(command, ['--seat', 'A1', '--inventories', `B 1,${seat}`])).rejects.toThrow(
    /^--inventories: .*path/,
  );
  const { post } = await made('curl \'https://shop.example/book\' --json \'{"seat":"A1"}\'', ['--inventories', seat]);
  expect(post.json).toEqual({ seat: '{{ $loopElement }}' });
});

it.each([
  ['s-1', 's-1'],
  [12, 12],
  ['3f1c9a7e5b2d4860', '{{ $env.SHOP_SESSION_ID }}'],
])('takes the session %s of an event for no secret, and a long one for one', async (session, written) => {
  const { post } = await made(curl(JSON.stringify({ seat: 'A1', session_id: session })), FREE);
  expect(post.json.session_id).toBe(written);
  const ofEvent = await made(curl(JSON.stringify({ event_id: 'e', seat: 'A1', session_id: session })), FREE);
  expect(ofEvent.post.json.session_id).toBe(session);
});

describe('docs/init.md', () => {
  const page = fs.readFileSync(path.join(root, 'docs/init.md'), 'utf8');
  const bare = (text: string) => text.slice(text.indexOf('config:'));

  it('prints what init writes', async () => {
    const [, printed = ''] = /^```yaml\n(.*?)^```$/ms.exec(page) ?? [];
    const command = `curl 'https://shop.example/orders' -H 'authorization: Bearer tok-123456' \\
      -H 'idempotency-key: 7d2f2a8e' -H 'user-agent: Mozilla/5.0' --json '{"plot":{"ref":"C-14"},"nights":2}'`;
    const args = ['--seat', 'C-14', ...FREE, '--read-back', '/plots/{plot}'];
    const { text } = await made(command.replace('--json', "-H 'accept: */*' --json"), args);
    expect(bare(printed)).toBe(bare(text));
  });

  it('names no option that is not there', () => {
    const named = [...page.matchAll(/(?<=[\s`])--([a-z][\w-]+)/g)].map(([, name = '']) => name);
    const others = ['dotenv'];
    expect(named.filter((name) => !(name in OPTIONS) && !others.includes(name))).toEqual([]);
  });
});

describe('a Postman collection', () => {
  const collection = (request: object, variable: readonly object[] = []) =>
    JSON.stringify({
      info: { name: 'x', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      variable,
      item: [{ name: 'Book', request: { method: 'POST', url: 'https://shop.example/r', ...request } }],
    });

  it('names the seat by the variable that holds it', async () => {
    const body = { mode: 'raw', raw: '{"plot": {{seatId}}, "size": 4}' };
    const { post } = await made(collection({ body }, [{ key: 'seatId', value: '4711' }]), [
      ...['--seat', 'seatId', '--inventories', '4712,4713'],
    ]);
    expect(post.json).toEqual({ plot: '{{ $loopElement }}', size: 4 });
  });

  it('has the type of the language that its body is written in', async () => {
    const body = { mode: 'raw', raw: '<order><seat>A1</seat></order>', options: { raw: { language: 'xml' } } };
    const { post } = await made(collection({ body }), ['--seat', 'seat', ...FREE]);
    expect(post).toMatchObject({
      body: '<order><seat>{{ $loopElement }}</seat></order>',
      headers: { 'content-type': 'application/xml' },
    });
  });

  it('has a secret in its API key, whatever that is called', async () => {
    const apikey = [
      { key: 'key', value: 'X-Who' },
      { key: 'value', value: 'hush-hush' },
    ];
    const body = { mode: 'urlencoded', urlencoded: [{ key: 'seat', value: 'C-14' }] };
    const { text, env, post } = await made(collection({ body, auth: { type: 'apikey', apikey } }), FREE);
    expect(text).not.toContain('hush');
    expect(post.headers).toEqual({ 'x-who': '{{ $env.SHOP_WHO }}' });
    expect(env).toEqual({ SHOP_WHO: 'hush-hush' });
  });
});
