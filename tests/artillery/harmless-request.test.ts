import { describe, expect, it } from 'vitest';
import { harmlessRequest } from '../../plugin/src/artillery/shared/harmless-request.ts';

const requestTo = (target: string, path: string, rawHeaders: string[] = []) =>
  harmlessRequest({ target, path, inventory: 'A 1/2', rawHeaders, tls: {} });

describe('a harmless request', () => {
  it.each([
    ['http://x/orders', '/seats/{seatId}', '/orders/seats/A%201%2F2'],
    ['http://x/orders/', '/seats/{seatId}', '/orders/seats/A%201%2F2'],
    ['http://x', '/health', '/health'],
    ['http://x/orders?tenant=1', '/seats/{seatId}?full=1', '/orders/seats/A%201%2F2?tenant=1&full=1'],
  ])('%s with %s asks for %s', (target, path, expected) => {
    expect(requestTo(target, path)).toMatchObject({ method: 'GET', path: expected, host: 'x', port: 80 });
  });

  it('goes to an IPv6 address without its brackets', () => {
    expect(requestTo('https://[::1]:8443/o', '/h')).toMatchObject({ host: '::1', port: 8443, secure: true });
  });

  it('has the headers of a contender, without those about its body, its host and its order', () => {
    const { rawHeaders } = requestTo('http://x', '/h', [
      'Host',
      'y',
      'Authorization',
      'Bearer t',
      'Content-Type',
      'a/b',
      'Idempotency-Key',
      'k',
    ]);
    expect(rawHeaders).toEqual(['Host', 'x', 'Authorization', 'Bearer t']);
  });
});
