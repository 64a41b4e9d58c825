import { describe, expect, it } from 'vitest';
import {
  fillJson,
  fillJsonPath,
  fillPattern,
  fillUrl,
  lostInUrl,
  unknownNamesInUrl,
} from '../../model/placeholders.ts';
import type { ReadableAnswer } from '../../plugin/src/recording/answer.ts';
import { selector } from '../../plugin/src/recording/extractor.ts';

const HOSTILE = `'; DROP TABLE bookings; -- "\\ \n]`;

describe('a placeholder in a URL', () => {
  it.each([
    ['/seats/{key}', '..', '..'],
    ['/seats/{key}/owner', '.', '.'],
    ['/seats?id={key}', 'A\ud800', 'A\ud800'],
    ['https://books.test/{key}?a=1', '..', '..'],
    ['/seats/{key}.json', '..', undefined],
    ['/seats?id={key}', '..', undefined],
    ['/../seats/{key}', '...', undefined],
    ['/seats/{key}', '%2e%2e', undefined],
  ])('%s would lose %s: %s', (url, key, lost) => {
    expect(lostInUrl(url, { key })).toBe(lost);
  });

  it.each([
    ['/seats/{seatId}', { key: 'A/1' }, '/seats/A%2F1'],
    ['/seats/{key}', { key: 'A1' }, '/seats/A1'],
    ['/quotas/{quota}', { key: 'A1', quota: 17 }, '/quotas/17'],
    ['/events/{event}/seats/{key}', { key: 'A1', event: 'e?1' }, '/events/e%3F1/seats/A1'],
    ['/seats', { key: 'A1' }, '/seats'],
    ['/seats/{key}', { key: HOSTILE }, `/seats/${encodeURIComponent(HOSTILE)}`],
  ])('%s', (url, values, filled) => {
    expect(fillUrl(url, values)).toBe(filled);
  });

  it('stands for nothing where it is no field and not alone', () => {
    expect(fillUrl('/events/{eventId}/seats/{seatId}', { key: 'A1' })).toBeUndefined();
    expect(unknownNamesInUrl('/events/{eventId}/seats/{key}', { key: 'A1' })).toEqual(['eventId']);
  });
});

describe('a placeholder in a JSONPath', () => {
  const json = {
    seats: [
      { id: 'A1', sold: 1 },
      { id: HOSTILE, sold: 2 },
      { id: 17, sold: 3 },
      { id: '17', sold: 4 },
    ],
    of: { A1: 5, [HOSTILE]: 6 },
  };
  const select = (path: string, values: Record<string, string | number>) =>
    selector(fillJsonPath(path, values))({ json } as ReadableAnswer);

  it.each([
    ["$.seats[?@.id == '{key}'].sold", { key: 'A1' }, [1]],
    ['$.seats[?@.id == "{key}"].sold', { key: HOSTILE }, [2]],
    ["$.seats[?@.id == '{key}'].sold", { key: HOSTILE }, [2]],
    ['$.seats[?@.id == {key}].sold', { key: HOSTILE }, [2]],
    ['$.seats[?@.id == {key}].sold', { key: '17' }, [3]],
    ["$.seats[?@.id == '{key}'].sold", { key: 17 }, [4]],
    ['$.of.{key}', { key: 'A1' }, [5]],
    ["$.of['{key}']", { key: HOSTILE }, [6]],
    ['$..{key}', { key: HOSTILE }, [6]],
    ["$.seats[?@.id == '{seat}'].sold", { key: 'x', seat: 'A1' }, [1]],
  ])('%s of %j', (path, values, expected) => {
    expect(select(path, values)).toEqual(expected);
  });

  it('is only the key and the fields', () => {
    expect(fillJsonPath("$[?match(@.id, '[a-z]{2}{other}')]", { key: 'A' })).toBe("$[?match(@.id, '[a-z]{2}{other}')]");
  });
});

describe('a placeholder in a JSON body', () => {
  it.each([
    [{ seat: '{key}' }, { key: 17 }, { seat: 17 }],
    [{ seat: '{key}' }, { key: '17' }, { seat: '17' }],
    [{ name: 'seat {key} of {event}' }, { key: 17, event: 'e' }, { name: 'seat 17 of e' }],
    [['{quota}', 1, null, true], { key: 'A', quota: 4.5 }, [4.5, 1, null, true]],
    [{ query: '{ seat(id: "{key}") { sold } }' }, { key: 'a"b' }, { query: '{ seat(id: "a\\"b") { sold } }' }],
    [{ query: '{ seats {id} }' }, { key: 'A' }, { query: '{ seats {id} }' }],
    [{ '{key}': 1 }, { key: 'A' }, { A: 1 }],
  ])('%j of %j', (body, values, expected) => {
    expect(fillJson(body, values)).toEqual(expected);
  });
});

describe('a placeholder in a pattern', () => {
  it('matches only itself', () => {
    expect(fillPattern('/{key}: (\\d{2}) left/', { key: 'A.1/b' })).toBe('/A\\.1\\/b: (\\d{2}) left/');
    expect(new RegExp(fillPattern('/^{key} [{key}]$/', { key: 'A-1' }).slice(1, -1), 'u').test('A-1 -')).toBe(true);
    expect(fillPattern('seat {key} is sold', { key: 'A.1' })).toBe('seat A.1 is sold');
  });
});
