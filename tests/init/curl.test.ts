import { describe, expect, test } from 'vitest';
import { InputError } from '../../plugin/src/config/index.ts';
import type { CapturedRequest } from '../../plugin/src/init/capture.ts';
import { curl } from '../../plugin/src/init/formats/curl/index.ts';

const read = async (text: string): Promise<readonly CapturedRequest[]> => (await curl.read(text, {})).requests;

async function only(text: string): Promise<CapturedRequest> {
  const [request, ...others] = await read(text);
  expect(others).toEqual([]);
  if (request === undefined) throw new Error('no request');
  return request;
}

const json = (value: object) => ({ kind: 'json', value, text: JSON.stringify(value) });

describe('a command for bash', () => {
  test('as Chrome copies it', async () => {
    const request = await only(`curl 'https://shop.example/orders?channel=web' \\
  -H 'accept: */*' \\
  -H 'content-type: application/json' \\
  -b 'sid=1; theme=dark' \\
  --data-raw $'{"seat":"C-14","note":"it\\'s \\u0021"}' \\
  --compressed`);
    expect(request).toEqual({
      name: 'POST /orders',
      method: 'POST',
      url: 'https://shop.example/orders?channel=web',
      headers: [
        ['accept', '*/*'],
        ['content-type', 'application/json'],
        ['cookie', 'sid=1; theme=dark'],
      ],
      body: json({ seat: 'C-14', note: "it's !" }),
    });
  });

  test.each([
    [String.raw`$'caf\u00e9'`, 'café'],
    [String.raw`$'caf\xe9'`, 'café'],
    [String.raw`$'caf\xc3\xa9'`, 'café'],
    [String.raw`$'a\nb\t\\\'\101'`, "a\nb\t\\'A"],
    [String.raw`'it'\''s'`, "it's"],
    [String.raw`"a \"b\" \$c \\ \d"`, 'a "b" $c \\ \\d'],
    ['a"b c"d', 'ab cd'],
    ["''", ''],
    ['"$SEAT"', '{{ $env.SEAT }}'],
    ["'$SEAT'", '$SEAT'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    ['${SEAT}-1', '{{ $env.SEAT }}-1'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    ['"${SEAT:-A 1}"', '{{ $env.SEAT }}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    ['${SEAT=$(cat seat)}', '{{ $env.SEAT }}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    ['"${SEAT%.txt}"', '{{ $env.FROM_SHELL }}'],
    ['$(cat "a b")-1', '{{ $env.FROM_SHELL }}-1'],
    ['"on `date -I`"', 'on {{ $env.FROM_SHELL }}'],
    ['"$(jq ".a (b)") `id` $(jq ".a (b)")"', '{{ $env.FROM_SHELL }} {{ $env.FROM_SHELL_2 }} {{ $env.FROM_SHELL }}'],
    [String.raw`"\$(date) \`date\` $ 5"`, '$(date) `date` $ 5'],
    ["'$(date) `date`'", '$(date) `date`'],
  ])('the word %s is %j', async (word, value) => {
    const { body } = await only(`curl https://shop.example -H 'content-type: text/plain' -d ${word}`);
    expect(body).toMatchObject({ kind: 'text', text: value });
  });

  test('with options that stand together, and lines that end as on Windows', async () => {
    const request = await only('curl -sSLXPUT \\\r\n -u ann:pa:ss shop.example:8080/orders/1 \\\r\n -d a=1');
    expect(request).toMatchObject({
      method: 'PUT',
      url: 'http://shop.example:8080/orders/1',
      auth: { scheme: 'basic', username: 'ann', password: 'pa:ss' },
      body: { kind: 'form', fields: [['a', '1']] },
    });
  });

  test('what a pipe, a redirection or a comment adds does not count', async () => {
    const request = await only('# book\nTOKEN=x curl https://shop.example/a -d x=1 > out.json 2>&1 | jq .url # done');
    expect(request).toMatchObject({ url: 'https://shop.example/a', body: { fields: [['x', '1']] } });
  });

  test('several commands, and --next, are several requests', async () => {
    const requests = await read(
      "curl https://a.example/1 ;\ncurl 'https://a.example/2' -d x --next https://a.example/3",
    );
    expect(requests.map(({ name }) => name)).toEqual(['GET /1', 'POST /2', 'GET /3']);
  });

  test('a quote that is not closed is an error', async () => {
    await expect(read("curl 'https://shop.example")).rejects.toThrow(InputError);
    await expect(read("curl 'https://shop.example")).rejects.toThrow("a quote (') is not closed");
  });

  test.each(['"$(date"', '$(date', '`date', '"`date"'])(
    'a command in it that breaks off is an error: %s',
    async (word) => {
      await expect(read(`curl https://shop.example -d ${word}`)).rejects.toThrow(
        /^the cURL command breaks off: .+ not closed$/,
      );
    },
  );

  test('a header that the shell works out as a whole is an error', async () => {
    await expect(read('curl https://shop.example -H "$(cat header)"')).rejects.toThrow(
      '-H: only the shell knows the name of this header; write it as Name: $VALUE',
    );
  });

  test('the token of a command before it is left to the user', async () => {
    const text =
      'TOKEN="$(curl -s https://a.example/login -d x=1 | jq -r .token)"\ncurl https://a.example -H "a: $TOKEN"';
    expect(curl.recognises(text)).toBe(true);
    expect((await only(text)).headers).toEqual([['a', '{{ $env.TOKEN }}']]);
  });

  test('no URL is an error', async () => {
    await expect(read('curl -X POST -d x')).rejects.toThrow('names no URL');
  });
});

describe('a command for cmd.exe', () => {
  test('as Chrome copies it', async () => {
    const request = await only(
      [
        'curl ^"https://shop.example/orders^" ^',
        '  -H ^"content-type: application/json^" ^',
        '  --data-raw ^"^{^\\^"seat^\\^":^\\^"C-14^\\^",^\\^"note^\\^":^\\^"50^% ^a^&b^\\^"^}^" ^',
        '  --compressed',
      ].join('\r\n'),
    );
    expect(request).toMatchObject({
      url: 'https://shop.example/orders',
      body: { value: { seat: 'C-14', note: '50% a&b' } },
    });
  });

  test('with doubled quotes, as Firefox copies it', async () => {
    const request = await only(
      'curl "https://shop.example/orders" -H "content-type: application/json" --data-raw "{""seat"":""C 14"",""a"":""b\\\\c""}"',
    );
    expect(request.body).toMatchObject({ value: { seat: 'C 14', a: 'b\\c' } });
  });
});

describe('a body', () => {
  test('--json says what it is', async () => {
    const request = await only(`curl --json '{"a":1}' https://shop.example`);
    expect(request.body).toEqual(json({ a: 1 }));
    expect(request.headers).toContainEqual(['content-type', 'application/json']);
  });

  test('pieces of data are put together, and encoded where asked', async () => {
    const { body } = await only("curl https://shop.example -d a=1 --data 'b=2 3' --data-urlencode 'c=x&y'");
    expect(body).toEqual({
      kind: 'form',
      fields: [
        ['a', '1'],
        ['b', '2 3'],
        ['c', 'x&y'],
      ],
    });
  });

  test('-G puts them into the URL', async () => {
    const request = await only("curl -G https://shop.example/x?z=1 --data-urlencode 'q=a b'");
    expect(request).toMatchObject({ method: 'GET', url: 'https://shop.example/x?z=1&q=a%20b' });
    expect(request.body).toBeUndefined();
  });

  test('-F is multipart, without types and quotes', async () => {
    const { body } = await only(`curl https://shop.example -F 'seat=C-14;type=text/plain' -F note='"a b"'`);
    expect(body).toEqual({
      kind: 'multipart',
      fields: [
        ['seat', 'C-14'],
        ['note', 'a b'],
      ],
    });
  });

  test('a multipart body that a browser wrote out has the same fields', async () => {
    const { body } = await only(
      String.raw`curl https://shop.example -H 'content-type: multipart/form-data; boundary=--X' --data-raw $'----X\r\nContent-Disposition: form-data; name="seat"\r\n\r\nC-14\r\n----X--\r\n'`,
    );
    expect(body).toEqual({ kind: 'multipart', fields: [['seat', 'C-14']], files: [] });
  });

  test('a file to send is left out, as those of a browser are', async () => {
    const { body } = await only('curl https://shop.example -F photo=@a.jpg -F seat=C-14');
    expect(body).toEqual({ kind: 'multipart', fields: [['seat', 'C-14']], files: ['photo'] });
  });

  test('a file to read that is not there is an error', async () => {
    await expect(read('curl https://shop.example -d @missing.json')).rejects.toThrow('--data @missing.json');
  });
});

describe('sign-in', () => {
  test('by the URL', async () => {
    const request = await only('curl https://ann:se%40cret@shop.example/orders -d x=1');
    expect(request).toMatchObject({
      url: 'https://shop.example/orders',
      auth: { scheme: 'basic', username: 'ann', password: 'se@cret' },
    });
  });

  test('by a bearer token', async () => {
    const { auth } = await only('curl --oauth2-bearer abc https://shop.example -d x=1');
    expect(auth).toEqual({ scheme: 'bearer', token: 'abc' });
  });
});

describe('what a suite would send in another way, or to somebody else', () => {
  test.each([
    ...['--hsts hsts.txt', '--libcurl a.c', '--expect100-timeout 2', '--proxy-cacert ca.pem', '--proxy1.0 proxy:1'],
    ...['--etag-save e.txt', '-t a=b', '--dns-interface eth0', '--create-file-mode 600', '--tlsuser ann', '--krb c'],
  ])('the value of %s is no URL', async (option) => {
    const { url } = await only(`curl ${option} https://shop.example/orders -d x=1`);
    expect(url).toBe('https://shop.example/orders');
  });

  test.each([
    ['https://a.example https://b.example', 'has more than one URL: leave in the one that books'],
    ['https://a.example -H Accept: application/json', 'quote values with spaces'],
    ['--newer s3cret https://a.example', 'if --newer takes a value, leave out both'],
    ['-u ann:pw --digest https://a.example', 'signs in by --digest, which no suite can do'],
    ['--ntlm https://ann:pw@a.example', 'signs in by --ntlm, which no suite can do'],
    ['--aws-sigv4 aws:amz:eu-1:s3 -u k:s https://a.example', 'signs in by --aws-sigv4, which no suite can do'],
    ['-T order.json https://a.example', 'sends a file (-T): name it with --data-binary @FILE'],
    ['-X POST --upload-file order.json https://a.example', 'sends a file (-T)'],
    ['-K options.txt https://a.example', 'reads options from a file (-K)'],
  ])('curl %s is an error', async (words, error) => {
    await expect(read(`curl -d x=1 ${words}`)).rejects.toThrow(InputError);
    await expect(read(`curl -d x=1 ${words}`)).rejects.toThrow(error);
    await expect(read(`curl -d x=1 ${words}`)).rejects.not.toThrow('s3cret');
  });

  test('a flag that nobody knows, and a bracket behind the command, change nothing', async () => {
    const { url } = await only('curl --newer https://a.example -d x=1 )');
    expect(url).toBe('https://a.example');
  });

  test('a sign-in that the server chooses is said', async () => {
    const { auth, remarks } = await only('curl --anyauth -u ann:pw https://a.example -d x=1');
    expect(auth).toMatchObject({ scheme: 'basic' });
    expect(remarks).toEqual([expect.stringContaining('(--anyauth)')]);
  });
});

test.each([
  ['curl https://a.example', true],
  ['  $ curl https://a.example', true],
  ['/usr/bin/curl -d x https://a.example', true],
  ['curl.exe "https://a.example"', true],
  ['# how to book\n\ncurl \\\n  https://a.example', true],
  ['{"log":{}}', false],
  ['openapi: 3.1.0\ninfo: { title: curl }', false],
])('%j is a cURL command: %s', (text, is) => {
  expect(curl.recognises(text)).toBe(is);
});
