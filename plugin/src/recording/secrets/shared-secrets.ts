import { randomBytes } from 'node:crypto';

/**
 * The secrets of a run, in memory that all threads of the process share, and the key of its digests. None of it is ever
 * written to a file.
 */
export interface SharedSecrets {
  /** Two ids that differ have different digests under this key, and nobody without it can try out what they were. */
  readonly key: Uint8Array;
  /** The secrets, one after the other: four bytes with the length of each, then its UTF-8, up to a multiple of four. */
  readonly bytes: SharedArrayBuffer;
  /** How many of the bytes are used. */
  readonly used: Int32Array<SharedArrayBuffer>;
}

const FIRST_BYTES = 1 << 16;
/** Room for half a million tokens. Memory is taken as it is used. */
const MAX_BYTES = 1 << 26;
const WORD = Int32Array.BYTES_PER_ELEMENT;

export const createSharedSecrets = (key: Uint8Array = randomBytes(32)): SharedSecrets => ({
  key,
  bytes: new SharedArrayBuffer(FIRST_BYTES, { maxByteLength: MAX_BYTES }),
  used: new Int32Array(new SharedArrayBuffer(WORD)),
});

/** One thread's view of the shared secrets. */
export interface SecretsLog {
  /** What any thread has added since the last call, this one too. */
  news(): string[];
  /**
   * For all threads.
   *
   * @returns false where there is no more room
   */
  add(secret: string): boolean;
}

export function openSecrets({ bytes, used }: SharedSecrets): SecretsLog {
  // Both grow with the buffer.
  const lengths = new Int32Array(bytes);
  const texts = new Uint8Array(bytes);
  let read = 0;
  return {
    news() {
      const secrets: string[] = [];
      while (read < Atomics.load(used, 0)) {
        const size = read + WORD <= bytes.byteLength ? Atomics.load(lengths, read / WORD) : 0;
        // Another thread has taken the room, and has not filled it yet.
        if (size === 0) break;
        // A copy: TextDecoder takes no shared memory.
        secrets.push(Buffer.from(texts.slice(read + WORD, read + WORD + size)).toString());
        read += WORD + padded(size);
      }
      return secrets;
    },
    add(secret) {
      const text = Buffer.from(secret);
      const room = WORD + padded(text.length);
      if (text.length === 0 || Atomics.load(used, 0) + room > MAX_BYTES) return false;
      const at = Atomics.add(used, 0, room);
      if (!grow(bytes, at + room)) return false;
      texts.set(text, at + WORD);
      // Last, because it says that the text is whole.
      Atomics.store(lengths, at / WORD, text.length);
      return true;
    },
  };
}

const padded = (size: number): number => Math.ceil(size / WORD) * WORD;

/** @returns false where there is no such room */
function grow(bytes: SharedArrayBuffer, needed: number): boolean {
  while (bytes.byteLength < needed) {
    if (needed > bytes.maxByteLength) return false;
    try {
      bytes.grow(Math.min(bytes.maxByteLength, Math.max(needed, bytes.byteLength * 2)));
    } catch {
      // Another thread was faster: the buffer never shrinks.
    }
  }
  return true;
}
