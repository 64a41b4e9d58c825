import type { Duplex } from 'node:stream';
import { Transform } from 'node:stream';

/** The engine collects an answer in one text, and a text may not be longer than half a gibibyte. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Answers that are too large to be kept, on their way to the engine, which keeps them until it is through with them. */
export class LargeAnswers {
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxBytes of all of them together; default: 256 MiB */
  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Lets an answer through, and fails where all that the engine has by now are too large together.
   *
   * @param near the engine's end of the connection; it is closed once the engine is through with the answer
   */
  through(near: Duplex): Transform {
    let passed = 0;
    near.once('close', () => {
      this.#bytes -= passed;
    });
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        if (near.destroyed) return done(new Error('the engine has closed the connection'));
        passed += chunk.length;
        this.#bytes += chunk.length;
        const isTooMuch = this.#bytes > this.#maxBytes;
        done(isTooMuch ? new Error(`the large answers at once are larger than ${this.#maxBytes} bytes`) : null, chunk);
      },
    });
  }
}
