import { describe, expect, it } from 'vitest';
import { harmlessRequest } from '../../plugin/src/artillery/shared/harmless-request.ts';

const requestTo = (target: string, path: string, rawHeaders: string[] = []) =>
  harmlessRequest({ target, path, rawHeaders, tls: {} });

describe('a harmless request', () => {
  it.each([
    ['http://x/orders', '/seats/A%201%2F2', '/orders/seats/A%201%2F2'],
    ['http://x/orders/', '/seats/A', '/orders/seats/A'],
    ['http://x', '/health', '/health'],
    ['http://x/orders?tenant=1', '/seats/A?full=1', '/orders/seats/A?tenant=1&full=1'],
  ])('%s with %s asks for %s', (target, path, expected) => {
    expect(requestTo(target, path)).toMatchObject({ method: 'GET', path: expected, host: 'x', port: 80 });
  });

  it('goes to an IPv6 address without its brackets', () => {
    expect(requestTo('https://[::1]:8443/o', '/h')).toMatchObject({ host: '::1', port: 8443, secure: true });
  });

  it('to an impossible host is an error without its secrets', () => {
    expect(() => requestTo('http://x', 'https://u:pass@{{ host }}/seats?key=k')).toThrow(
      'https://***@{{ host }}/seats?*** is not a URL',
    );
  });

  it('has the headers of a contender, without those about its body, its conditions, its host and its order', () => {
    const { rawHeaders } = requestTo('http://x', '/h', [
      'Host',
      'y',
      'Authorization',
      'Bearer t',
      'Content-Type',
      'a/b',
      'If-None-Match',
      '*',
      'Idempotency-Key',
      'k',
    ]);
    expect(rawHeaders).toEqual(['Host', 'x', 'Authorization', 'Bearer t']);
  });

  it('takes no header of a contender, and no certificate of ours, to another origin', () => {
    const request = harmlessRequest({
      target: 'https://shop.example/orders',
      path: 'https://admin.example/ledger?all=1',
      rawHeaders: ['Authorization', 'Bearer t', 'Cookie', 'session=1'],
      headers: { 'X-Key': 'k' },
      tls: { ca: 'them', cert: 'us', key: 'us', servername: 'shop.example' },
    });
    expect(request).toMatchObject({
      host: 'admin.example',
      path: '/ledger?all=1',
      rawHeaders: ['Host', 'admin.example', 'X-Key', 'k'],
      tls: { ca: 'them', servername: 'admin.example' },
    });
    expect(Object.keys(request.tls).toSorted()).toEqual(['ca', 'servername']);
  });

  it('may be a POST with a body, and with headers that win over the contender’s', () => {
    const request = harmlessRequest({
      target: 'http://x/graphql',
      path: '/',
      method: 'POST',
      json: { query: '{ seats { id } }' },
      headers: { authorization: 'Bearer own' },
      rawHeaders: ['Authorization', 'Bearer t', 'Accept-Language', 'de'],
      tls: {},
    });
    expect(request.body.toString()).toBe('{"query":"{ seats { id } }"}');
    expect(request.rawHeaders).toEqual([
      ...['Host', 'x', 'Accept-Language', 'de', 'Content-Type', 'application/json', 'Content-Length', '28'],
      ...['authorization', 'Bearer own'],
    ]);
  });
});
