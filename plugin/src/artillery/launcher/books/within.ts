/** Nobody answered in time. */
export class TooLate extends Error {}

/** @throws TooLate, naming who gave no answer; the error of the promise */
export async function within<T>(timeoutMs: number, promise: Promise<T>, who: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`${who} gave no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => {});
  }
}
