import { EventEmitter } from 'node:events';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../plugin/src/artillery/shared/artillery.ts';
import { createTraffic } from '../../plugin/src/artillery/worker/traffic.ts';
import { createBlotter } from '../../plugin/src/recording/index.ts';

function worker() {
  const blotter = createBlotter();
  const events = new EventEmitter();
  const traffic = createTraffic(blotter);
  // Every virtual user of a worker has the same emitter.
  for (const _user of [1, 2]) traffic.listen(events as unknown as Metrics);
  const answer = (headers: object, ...chunks: readonly (string | Buffer)[]) => {
    const response = Object.assign(new EventEmitter(), { headers });
    events.emit('trace:http:response', response);
    for (const chunk of chunks) response.emit('data', Buffer.from(chunk as string));
    response.emit('end');
  };
  return { blotter, events, traffic, answer };
}

describe('what virtual users send and get outside of the race', () => {
  it.each<[string, object]>([
    ['a header', { headers: { authorization: 'Bearer s3cret-1' } }],
    ['JSON', { json: { user: { password: 's3cret-1' } } }],
    ['a body', { body: 'user=joe&password=s3cret-1' }],
    ['a form', { form: { password: 's3cret-1' } }],
    ['the query', { url: 'http://shop.example/?api_key=s3cret-1' }],
    ['parameters of the query', { searchParams: 'a=b&api_key=s3cret-1' }],
    ['credentials', { username: 'joe', password: 's3cret-1' }],
  ])('is learnt: a secret in %s', (_where, request) => {
    const { blotter, events } = worker();
    events.emit('trace:http:request', request);
    expect(blotter.text('no: s3cret-1')).toBe('no: ***');
  });

  it('is learnt from the answers, too: tokens, and cookies', () => {
    const { blotter, answer } = worker();
    answer(
      { 'content-type': 'application/json', 'set-cookie': ['sid=c00kie-1; Path=/'] },
      '{"refresh_tok',
      'en":"fr3sh-1"}',
    );
    answer({ 'content-type': 'image/png' }, '{"token":"binary-1"}');
    const packed = { 'content-type': 'text/html', 'content-encoding': 'gzip' };
    answer(packed, gzipSync('<input name="csrf" value="packed-1">'));
    expect(blotter.text('c00kie-1 fr3sh-1 packed-1 binary-1')).toBe('*** *** *** binary-1');
  });

  it('is not learnt from a raced answer, which is read when nobody is in flight any more', () => {
    const { blotter, events } = worker();
    const answer = Object.assign(new EventEmitter(), { headers: { 'x-token': 'raced-1' } });
    events.emit('trace:http:request', { race: 'A1', headers: { 'x-token': 'sent-1' } }, 'uuid-1');
    events.emit('trace:http:response', answer, 'uuid-1');
    expect(blotter.text('raced-1 sent-1')).toBe('raced-1 ***');
  });

  it("is learnt from a virtual user's variables, but not from those of Artillery", () => {
    const { blotter, traffic } = worker();
    traffic.learn({ accessToken: 'capt8red-1', seat: 'seat-1', $processEnvironment: { MY_TOKEN: 'of-the-shell-1' } });
    expect(blotter.text('capt8red-1 seat-1 of-the-shell-1')).toBe('*** seat-1 of-the-shell-1');
  });

  it('is learnt from a header after a variable of the same name, and the other way round', () => {
    const cookie = 'lang=en; sid=c00kie-1';
    const { blotter, events, traffic } = worker();
    traffic.learn({ cookie });
    events.emit('trace:http:request', { headers: { cookie } });
    expect(blotter.text('no: c00kie-1')).toBe('no: ***');
    const login = { 'x-user': '{"token":"s3cret-1"}' };
    events.emit('trace:http:request', { headers: login });
    traffic.learn(login);
    expect(blotter.text('no: s3cret-1')).toBe('no: ***');
  });
});
