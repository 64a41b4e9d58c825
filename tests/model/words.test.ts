import { describe, expect, it } from 'vitest';
import { counted, inWords, named, pluralOf, wordsOf } from '../../model/index.ts';

describe('the words of a run', () => {
  it.each([
    ['seat', 'seats'],
    ['series', 'series'],
    ['time series', 'time series'],
    ['box', 'boxes'],
    ['class', 'classes'],
    ['match', 'matches'],
    ['entry', 'entries'],
    ['day', 'days'],
    ['person', 'people'],
    ['gift card', 'gift cards'],
    ['VU', 'VUs'],
  ])('%s → %s', (one, many) => {
    expect(pluralOf(one)).toBe(many);
    expect(counted(8, one)).toBe(`8 ${many}`);
    expect(counted(1, one)).toBe(`1 ${one}`);
  });

  it('have the plural that the suite says', () => {
    expect(wordsOf({ label: 'ox', words: { one: 'ox', many: 'oxen' } })).toEqual({ one: 'ox', many: 'oxen' });
    expect(wordsOf({ label: 'invite' })).toEqual({ one: 'invite', many: 'invites' });
  });

  it.each([
    ['row', 'row-6', 'row-6'],
    ['row', 'Row 6', 'Row 6'],
    ['seat', 'seat1', 'seat1'],
    ['row', 'row', 'row'],
    ['row', 'rowing-boat', 'row rowing-boat'],
    ['seat', 'A1', 'seat A1'],
  ])('%s and the key %s: %s', (word, key, name) => {
    expect(named(word, key)).toBe(name);
  });

  it('stand in sentences that are written about seats', () => {
    const invites = { one: 'invite', many: 'invites' };
    expect(inWords('A seat was taken: book another seat.', invites)).toBe('An invite was taken: book another invite.');
    expect(inWords('Reset the seats (ORDER_SEAT_IDS).', invites)).toBe('Reset the invites (ORDER_SEAT_IDS).');
    expect(inWords('Seats of a seat', { one: 'unit', many: 'units' })).toBe('Units of a unit');
    expect(inWords('a seat', wordsOf({ label: 'seat' }))).toBe('a seat');
  });
});
