import fs from 'node:fs';
import type { Duplex } from 'node:stream';

/**
 * Writes to a socket by the system call alone: the stream's own way there costs a microsecond or two more, and five where
 * a thousand sockets are not in the processor's cache.
 *
 * @returns how many bytes the kernel took: none where it cannot be asked (TLS, Windows, something that waits to be sent
 * before, a connection that broke, a full buffer)
 */
export function writeNow(socket: Duplex, bytes: Uint8Array): number {
  const { encrypted, _handle: handle } = socket as Duplex & Internals;
  // Asked each time: the descriptor of a closed socket may be another one's by now.
  const fd = handle?.fd ?? -1;
  if (encrypted === true || fd < 0 || socket.writableLength > 0) return 0;
  try {
    return fs.writeSync(fd, bytes);
  } catch {
    return 0;
  }
}

/** What is read of a socket beside its public face; absent, the stream is written to. */
interface Internals {
  readonly encrypted?: boolean;
  readonly _handle?: { readonly fd?: number } | null;
}
