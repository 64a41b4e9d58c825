import v8 from 'node:v8';
import vm from 'node:vm';

/** A smaller heap gets only minor collections: the process and a hundred contenders need this much, in bytes. */
const SMALL_HEAP_BYTES = 128 * 1024 * 1024;
/** A larger heap may grow by this much before a full collection, in bytes. */
const MAX_GROWTH_BYTES = 40 * 1024 * 1024;

type Collect = (options?: { readonly type: 'minor' }) => void;

/**
 * Returns a function that collects garbage, to be called while the contenders settle: a collection in the middle of a
 * release would widen the spread (by 2 to 10 ms, seen), and with no collection at all a thousand contenders need half as
 * much memory again. Each call collects young objects, which takes some 10 ms with a hundred contenders, and all objects
 * once the heap has grown.
 *
 * Node exposes its collector only by a flag, which can be set at run time; where that fails, the function does nothing.
 */
export function garbageCollector(): () => void {
  const collect = exposedCollector();
  if (collect === undefined) return () => {};
  let limitBytes = SMALL_HEAP_BYTES;
  return () => {
    if (usedBytes() < limitBytes) collect({ type: 'minor' });
    else {
      collect();
      limitBytes = usedBytes() + MAX_GROWTH_BYTES;
    }
  };
}

const usedBytes = (): number => v8.getHeapStatistics().used_heap_size;

function exposedCollector(): Collect | undefined {
  try {
    v8.setFlagsFromString('--expose-gc');
    const collect: unknown = vm.runInNewContext('gc');
    return typeof collect === 'function' ? (collect as Collect) : undefined;
  } catch {
    return undefined;
  }
}
