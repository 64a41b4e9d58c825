import v8 from 'node:v8';
import vm from 'node:vm';

/** How much the heap may grow before all of it is collected, in bytes; one below twice that much is left as it is. */
const MAX_GROWTH_BYTES = 64 * 1024 * 1024;

type Collect = (options?: { readonly type: 'minor' }) => void;

/**
 * Makes the function that collects garbage while the contenders settle: a collection that fell into the loop that lets
 * them go would be spread (2 to 10 ms, seen), and without any a thousand contenders need half as much memory again. Young
 * objects each time, which takes some 10 ms with a hundred contenders; everything only where the heap has grown.
 *
 * Node offers its collector only by a flag, which can be set at run time; where that fails, nothing is collected.
 */
export function garbageCollector(): () => void {
  const collect = exposedCollector();
  if (collect === undefined) return () => {};
  let limitBytes = 2 * MAX_GROWTH_BYTES;
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
