import type { Lock } from '../lock.ts';
import { foreignDelete } from './foreign-delete.ts';
import { getSet } from './get-set.ts';
import { lua } from './lua.ts';
import { setNx } from './set-nx.ts';
import { shortTtl } from './short-ttl.ts';

export const locks: Readonly<Record<string, Lock>> = {
  'set-nx': setNx,
  lua,
  'get-set': getSet,
  'short-ttl': shortTtl,
  'foreign-delete': foreignDelete,
};
