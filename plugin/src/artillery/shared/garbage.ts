import v8 from 'node:v8';
import vm from 'node:vm';

/** A heap below this is left as it is, in bytes: the process and a hundred contenders need as much. */
const LEFT_ALONE_BYTES = 128 * 1024 * 1024;
/** How much a larger one may grow before all of it is collected again, in bytes. */
const MAX_GROWTH_BYTES = 40 * 1024 * 1024;

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
  let limitBytes = LEFT_ALONE_BYTES;
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
