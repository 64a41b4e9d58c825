import { describe, expect, it } from 'vitest';
import { knownHeaders, wayToTheRace } from '../../cli/untried.ts';

const raced = { url: '/book', race: '{{ seat }}' };

describe('what a virtual user does before it books', () => {
  it('is every request and function before the first raced request, however deep, and every hook', () => {
    const sections = {
      before: { flow: [{ post: { url: '/setup' } }] },
      scenarios: [
        { flow: [{ get: { url: '/other' } }] },
        {
          beforeScenario: 'openSession',
          flow: [
            { post: { url: '/login', capture: {} } },
            { log: 'hello' },
            {
              loop: [{ function: 'pick' }, { post: { ...raced, beforeRequest: ['sign'] } }, { get: { url: '/late' } }],
            },
          ],
        },
      ],
    };
    expect(wayToTheRace({ sections }).steps).toEqual([
      'POST /setup',
      'POST /login',
      'function pick',
      'function openSession',
      'function sign',
    ]);
  });

  it('is nothing where the flow books at once, and a step with race: false is no race', () => {
    expect(wayToTheRace({ sections: { scenarios: [{ flow: [{ post: raced }] }] } })).toEqual({ steps: [], raced });
    const flow = [{ post: { url: '/hold', race: false } }, { post: raced }];
    expect(wayToTheRace({ sections: { scenarios: [{ flow }] } }).steps).toEqual(['POST /hold']);
  });
});

describe('the headers of the booking that are known without a virtual user', () => {
  it('take variables and the environment, and leave out what is captured', () => {
    const headers = { 'x-key': '{{ $env.KEY }}', 'x-shop': '{{ shop }}', cookie: 'a={{ captured }}' };
    const config = { variables: { shop: 7 }, http: { defaults: { headers: { accept: 'text/html' } } } };
    expect(knownHeaders({ ...raced, headers }, config, { KEY: 'k3y' })).toEqual([
      ...['accept', 'text/html'],
      ...['x-key', 'k3y'],
      ...['x-shop', '7'],
    ]);
  });

  it.each([
    ['x', 'YW5uOng='],
    ['geheim€', 'YW5uOmdlaGVpbeKCrA=='],
  ])('have the password of the request: %s', (PASS, sent) => {
    const auth = { user: 'ann', pass: '{{ $env.PASS }}' };
    expect(knownHeaders({ ...raced, auth }, {}, { PASS })).toEqual(['Authorization', `Basic ${sent}`]);
  });
});
