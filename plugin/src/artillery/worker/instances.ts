import type { Plan } from '../../../../model/index.ts';
import type { Instance } from '../../gate/index.ts';
import { addressOf } from '../shared/connect-failure.ts';

/** Which of several servers of one API each contender goes to; nothing where there is only the target. */
export interface Instances {
  originFor(vu: number): string | undefined;
  placeFor(vu: number): Instance | undefined;
}

export function divideOver({ instances = [] }: Plan): Instances {
  const places = instances.map((origin) => ({ secure: origin.startsWith('https:'), ...addressOf(origin) }));
  return {
    originFor: (vu) => instances[(vu - 1) % instances.length],
    placeFor: (vu) => places[(vu - 1) % places.length],
  };
}
