import { describe, expect, it } from 'vitest';
import { Members } from '../../plugin/src/rendezvous/members.ts';

describe('how many members are expected', () => {
  it('those that have not come yet are, and those that left are not', () => {
    const members = new Members(3);
    expect(members.expected).toBe(3);
    members.see(1);
    members.leave(1);
    members.leave(2);
    expect(members.expected).toBe(1);
  });

  it('where more than the parties may come, another one takes the place of one that leaves, until fewer are left', () => {
    const members = new Members(3, 5);
    members.see(1);
    const expected = [1, 2, 3, 4].map((member) => {
      members.leave(member);
      return members.expected;
    });
    expect(expected).toEqual([3, 3, 2, 1]);
  });

  it('one that came beyond the parties is expected again, and takes no place later', () => {
    const members = new Members(2, 3);
    for (const member of [1, 2, 3]) members.see(member);
    expect(members.expected).toBe(3);
    members.leave(1);
    members.leave(2);
    expect(members.expected).toBe(1);
  });
});
