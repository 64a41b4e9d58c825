import type { Redis } from './redis.ts';

/** One message of a stream. */
export interface Message {
  readonly machine: number;
  readonly value: unknown;
}

/** What Redis holds of a message. */
type Fields = Readonly<Record<string, string>>;

export interface StreamEntry {
  readonly id: string;
  readonly message: Fields;
}

const RETRY_MS = 100;

/**
 * Sends messages in their order. A message that may not have arrived is sent again under the same number, so that the
 * reader counts it once.
 *
 * @param machine the number of the sender
 * @param forgotten called where Redis does not know the stream any more: it was started again, and is empty
 */
export function createSender(redis: Redis, machine: number, forgotten: () => void) {
  let last: Promise<unknown> = Promise.resolve();
  let number = 0;
  const append = async (stream: string, fields: Record<string, string>): Promise<void> => {
    for (;;) {
      try {
        // In an empty Redis, others would go on with what they get from now on.
        const id = await redis.sendCommand(['XADD', stream, 'NOMKSTREAM', '*', ...Object.entries(fields).flat()]);
        if (id === null) forgotten();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };
  return {
    send(stream: string, value: unknown): void {
      const fields = { machine: `${machine}`, number: `${++number}`, value: JSON.stringify(value) };
      last = last.then(() => append(stream, fields));
    },
    /** Resolves once everything so far was sent. */
    flushed: (): Promise<unknown> => last,
  };
}

/** Reads the messages of one stream; those that were sent twice come once. */
export function createReader(): (entries: readonly StreamEntry[]) => Message[] {
  const latest = new Map<string, number>();
  const isNew = ({ machine = '', number }: Fields): boolean => {
    if (Number(number) <= (latest.get(machine) ?? 0)) return false;
    latest.set(machine, Number(number));
    return true;
  };
  return (entries) =>
    entries
      .filter(({ message }) => isNew(message))
      .map(({ message }) => ({ machine: Number(message.machine), value: JSON.parse(message.value ?? 'null') }));
}
