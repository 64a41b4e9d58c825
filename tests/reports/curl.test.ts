import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordedRequest } from '../../model/index.ts';
import { curlOf } from '../../reports/curl.ts';
import { evidenceOf, needsOf } from '../../reports/evidence.ts';
import { round, unanswered } from '../support/histories.ts';

const request = (more: Partial<RecordedRequest> = {}): RecordedRequest => ({
  method: 'POST',
  url: 'http://127.0.0.1:3000/book',
  headers: [
    ['user-agent', 'a'],
    ['accept', '*/*'],
    ['content-type', 'application/json'],
  ],
  ...more,
});

/** The arguments that curl gets from bash. */
async function argumentsOf(command: string, env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script], {
    env: { PATH: process.env.PATH, ...env },
  });
  return stdout.split('\0').slice(0, -1);
}

describe('the curl of a recorded request', () => {
  test('is one line, with method, address, headers and body', () => {
    expect(curlOf(request({ body: '{"seat":"A1"}' })).command).toBe(
      "curl -sS -X POST http://127.0.0.1:3000/book -H 'user-agent: a' -H 'accept: */*' -H 'content-type: application/json' --data-raw '{\"seat\":\"A1\"}'",
    );
  });

  test('takes secrets from variables that are named after what they belong to', async () => {
    const { command, variables, note } = curlOf(
      request({
        url: 'http://127.0.0.1/book?api_key=***',
        headers: [
          ['authorization', 'Bearer ***'],
          ['cookie', 'sid=***; lang=en'],
          ['x-uid', '***'],
        ],
        body: '{"password":"***","uid":"***","accessToken":"***"}',
      }),
    );
    expect(variables).toEqual(['API_KEY', 'TOKEN', 'SID', 'X_UID', 'PASSWORD', 'UID_VALUE', 'ACCESS_TOKEN']);
    expect(needsOf({ command, variables, note })).toMatch(/^Set API_KEY, .* and ACCESS_TOKEN first\.$/);
    expect(command).toContain(`-H 'authorization: Bearer '"$TOKEN"`);
    const env = Object.fromEntries(variables.map((name) => [name, `<${name} $(x) '">`]));
    expect(await argumentsOf(command, env)).toContain(
      `{"password":"${env.PASSWORD}","uid":"${env.UID_VALUE}","accessToken":"${env.ACCESS_TOKEN}"}`,
    );
  });

  test('says which body the history does not hold', () => {
    const { command, note } = curlOf(request({ bodyBytes: 5000, isBinary: true }));
    expect(command).toMatch(/--data-binary @body\.bin$/);
    expect(note).toBe('It had a binary body of 5000 bytes, which the history does not hold: put it into body.bin.');
  });

  test('hands any text to curl as it is, on one line', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: fc.integer({ min: 1, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
      fc.constantFrom(
        "'; rm -rf x; '",
        '$(id)',
        '`id`',
        'a\nb\r\n',
        '!!',
        '\\',
        "\\'",
        '\u202e\u001b[2J',
        '"$HOME"',
        '',
      ),
    );
    const text = hostile.map((written) => written.replaceAll('\0', '').replaceAll('***', '').toWellFormed());
    const texts = fc.sample(fc.tuple(text, text), 25);
    const commands = texts.map(
      ([body, header]) => curlOf(request({ url: `http://x/${body}`, body, headers: [['x-a', header]] })).command,
    );
    for (const command of commands) expect(command).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    const words = await argumentsOf(commands.join('\n'));
    const expected = texts.flatMap(([body, header]) => [
      `http://x/${body}`,
      header === '' ? 'x-a;' : `x-a: ${header}`,
      body,
    ]);
    expect(words.filter((word, index) => /^(http:|x-a)/.test(word) || words[index - 1] === '--data-raw')).toEqual(
      expected,
    );
  });
});

test('only a web page is linked, whatever a history says', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const witness = round(1, 'A', [unanswered()]).map((attempt) => ({ ...attempt, traceId }));
  const hrefs = ['https://t/{traceId}', 'javascript:alert(1)//{traceId}', 7, undefined].map(
    (traceUrl) => evidenceOf({ config: { traceUrl } }, witness, 5)[0]?.traceHref,
  );
  expect(hrefs).toEqual([`https://t/${traceId}`, '', '', '']);
});
