import { expect, it } from 'vitest';
import { noticeOfAfter } from '../../plugin/src/config/index.ts';

it.each([
  { flow: [{ delete: { url: '/test-data' } }] },
  { flow: [{ log: 'cleaning up' }, { post: { url: '/reset' } }] },
])('a section after that may free what was booked is told of: the read-back asks later', (after) => {
  expect(noticeOfAfter(after)).toMatch(
    /^Artillery runs the section "after" before the read-back asks .* lost booking\. /,
  );
});

it.each([undefined, null, { flow: [{ get: { url: '/health' } }, { log: 'done' }, 'odd'] }, { flow: 'odd' }])(
  'one that changes nothing is no news: %j',
  (after) => {
    expect(noticeOfAfter(after)).toBeUndefined();
  },
);
