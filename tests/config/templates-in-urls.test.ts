import { expect, it } from 'vitest';
import { errorOf, resolve } from './resolve.ts';

const asked = (database: string) => ({ inventories: ['A'], readBack: { sql: 'SELECT $1', database } });
const listed = (get: string) => ({ inventories: { get, key: '$.id' } });

it.each([
  asked('postgres://app@db.{{ $environment }}.internal/shop'),
  asked('mysql://app:{{ secret }}@{{ host }}:{{ port }}/shop'),
  listed('https://seats.{{ $environment }}/list'),
  listed('https://{{ host }}:80{{ $environment }}/list'),
  listed('https://10.0.0.1/{{ $environment }}/list'),
])('a template may stand anywhere in a URL: only Artillery knows its value: %j', (race) => {
  expect(resolve(race).target).toBe('http://127.0.0.1:3000/orders');
});

it('a template in the path excuses no impossible port', () => {
  expect(errorOf(() => resolve(listed('https://shop.test:80800/{{ list }}'))).message).toMatch(/look at its host/);
});
