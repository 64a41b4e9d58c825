import type { FindingId } from '../../model/index.ts';
import type { HttpServer } from './http-server.ts';

/** The server for a recipe, `examples/races/NAME.yml`. It is the export `standIn` of `tests/stand-ins/NAME.ts`. */
export interface StandIn {
  /** Starts it: right, or wrong in one way. `env` is what the recipe reads from the environment, besides its TARGET. */
  open(isRight: boolean): Promise<HttpServer & { readonly env?: Readonly<Record<string, string>> }>;
  /** The finding about the wrong one … */
  readonly finding: FindingId;
  /** … and the sentence that it says, in the words of the recipe. */
  readonly says: RegExp;
}
