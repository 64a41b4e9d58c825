import { Duplex } from 'node:stream';
import { descriptorOf, type Outgoing } from './release-loop.ts';

/**
 * A stream over a socket that can hold back part of what is written. Node's TLS and HTTP/2 write to the handle of a plain
 * socket directly, so only a stream in between can catch their bytes.
 */
export abstract class HeldDuplex extends Duplex {
  readonly #socket: Duplex;

  /** @param heard gets what comes from the target, before it is passed on */
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

  /** Keeps some of these bytes, and returns the rest, which is sent now. */
  protected abstract pass(bytes: Buffer): Buffer;

  /** Kept bytes, ready to leave. */
  protected outgoing(bytes: Buffer): Outgoing {
    const socket = this.#socket;
    return {
      fd: descriptorOf(socket),
      bytes,
      send(rest) {
        if (!socket.destroyed) socket.write(rest);
      },
    };
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const bytes = this.pass(chunk);
    if (bytes.length > 0) this.#socket.write(bytes, done);
    else done();
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

const NONE = Buffer.alloc(0);

/** Below TLS: keeps records from {@link hold} on, until they are taken. */
export class HeldRecords extends HeldDuplex {
  #held: Buffer[] | undefined;

  /** From now on, everything written is kept. */
  hold(): void {
    this.#held ??= [];
  }

  /** The size of what is kept, in bytes. */
  get heldBytes(): number {
    return this.#held?.reduce((sum, chunk) => sum + chunk.length, 0) ?? 0;
  }

  /** Returns what was kept, and lets later writes through. */
  takeHeld(): Outgoing {
    const held = this.#held ?? [];
    this.#held = undefined;
    return this.outgoing(Buffer.concat(held));
  }

  protected override pass(bytes: Buffer): Buffer {
    if (this.#held === undefined) return bytes;
    this.#held.push(bytes);
    return NONE;
  }
}
