import { describe, expect, it } from 'vitest';
import { withStars } from '../../plugin/src/config/public-url.ts';
import { errorOf, resolve } from './resolve.ts';

describe('a text that may be a URL is shown with stars in place of what may be secret', () => {
  it.each([
    ['https://user:pass@shop.test/seats/{key}?api_key=s3cret', 'https://***@shop.test/seats/{key}?***'],
    ['https://user:pa/ss@shop.test', 'https://***@shop.test'],
    ['https://token@shop.test:8443/x#access_token=s3cret', 'https://***@shop.test:8443/x#***'],
    ['https:admin:s3cret@shop.test', 'https:***@shop.test'],
    ['admin:s3cret@api.example.com', '***@api.example.com'],
    ['seats/{id}?s3cret', 'seats/{id}?***'],
    ['/seats/?key=s3cret/', '/seats/?***'],
    ['seats?key=s3cret', 'seats?***'],
  ])('%s', (text, shown) => expect(withStars(text)).toBe(shown));

  it.each(['/users/@me', 'https://shop.test:8443/users/@me', '/sold?$/i', '4??', '10:30', 'ann@example.com'])(
    'and whole where it holds none: %s',
    (text) => expect(withStars(text)).toBe(text),
  );
});

describe('an error about the configuration holds no secret', () => {
  const two = ['A1', 'A2'];
  const source = { key: '$.id', headers: { 'x-key': 's3cret' } };
  it.each<[string, () => unknown]>([
    ['of a read-back that is about nothing', () => resolve({ inventories: two, readBack: '/seats?api_key=s3cret' })],
    ['with credentials', () => resolve({ inventories: two, readBack: 'https://u:s3cret@shop.test/seats' })],
    ['of an unknown name', () => resolve({ readBack: 'https://u:s3cret@shop.test/{a}/{b}?key=s3cret' })],
    ['of a read-back without its slash', () => resolve({ readBack: 'seats/{id}?key=s3cret' })],
    ['of ORDER_READ_BACK', () => resolve(undefined, { ORDER_READ_BACK: 'seats/{id}?key=s3cret' })],
    ['of ORDER_BASE_URL', () => resolve(undefined, { ORDER_BASE_URL: 'admin:s3cret@api.example.com?key=s3cret' })],
    ['of a header', () => resolve({ readBack: { get: '/seats/{id}', headers: { 'x-key': ['s3cret'] } } })],
    ['of a body', () => resolve({ readBack: { post: '/seats/{id}', json: 's3cret' } })],
    ['of a source', () => resolve({ inventories: { get: 'seats?key=s3cret', key: '$.id' } })],
    ['of a source that asks nobody', () => resolve({ inventories: source })],
    ['of an impossible port', () => resolve({ readBack: 'https://u:s3cret@shop.test:80800/seats/{key}' })],
    ['of an instance', () => resolve({ instances: ['http://u:s3cret@a.test'] })],
  ])('%s', (_name, make) => {
    const { message } = errorOf(make);
    expect(message).toContain('***');
    expect(message).not.toContain('s3cret');
  });

  it('and the published read-back neither', () => {
    const { published } = resolve({ readBack: 'https://u:s3cret@shop.test/seats/{key}?key=s3cret' });
    expect(published.readBack).toMatchObject({ path: 'https://***@shop.test/seats/{key}?***' });
  });
});
