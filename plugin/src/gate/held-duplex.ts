import { Duplex } from 'node:stream';
import { writeNow } from './write-now.ts';

/**
 * A way over a socket whose writes can be kept back and sent as one. Node's HTTP/2 takes a plain socket's handle for
 * itself, so its frames can only be caught by a stream of our own in between; above TLS, one write is one record. Below
 * TLS, it is records that are kept.
 */
export class HeldDuplex extends Duplex {
  readonly #socket: Duplex;
  #held: Buffer[] | undefined;

  /** @param heard is told what comes from the other end, before it is passed on */
  constructor(socket: Duplex, heard?: (data: Buffer) => void) {
    super();
    this.#socket = socket;
    socket.on('data', (data: Buffer) => {
      heard?.(data);
      if (!this.push(data)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** From now on, what is written is kept. */
  hold(): void {
    this.#held ??= [];
  }

  /** How much is kept, in bytes. */
  get heldBytes(): number {
    return this.#held?.reduce((sum, chunk) => sum + chunk.length, 0) ?? 0;
  }

  /** Sends what was kept, in one write, and lets later writes through. */
  flush(): void {
    const held = this.#held;
    this.#held = undefined;
    const bytes = held?.length === 1 ? held[0] : Buffer.concat(held ?? []);
    if (bytes === undefined || bytes.length === 0 || this.#socket.destroyed) return;
    const written = writeNow(this.#socket, bytes);
    if (written < bytes.length) this.#socket.write(bytes.subarray(written));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#held === undefined) this.#socket.write(chunk, done);
    else {
      this.#held.push(chunk);
      done();
    }
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'utf8', done);
  }

  override _final(done: () => void): void {
    this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
