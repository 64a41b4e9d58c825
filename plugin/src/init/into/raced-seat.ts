import { printable } from '../../../../reports/index.ts';
import { InputError } from '../../config/index.ts';
import type { InitArguments } from '../arguments.ts';
import type { Asker } from '../ask.ts';
import { draftOf, type Leaf, leavesOf } from '../draft.ts';
import { seatNamed } from '../seat.ts';
import { guessSeat } from '../seat-guess.ts';
import { isSecret } from '../secrets.ts';
import { capturedFrom, type SuiteRequest } from './requests.ts';

/**
 * What a request of a suite races for, as its `race:` line says it: mostly a template, such as `{{ seat }}`.
 *
 * @throws InputError if `--seat` matches nothing
 */
export async function racedSeat(request: SuiteRequest, args: InitArguments, asker: Asker): Promise<string | number> {
  const draft = draftOf(capturedFrom(request));
  const leaves = leavesOf(draft);
  const read = (wanted: string): string | number => {
    const variable = templatesIn(leaves).find(({ name }) => name === wanted);
    try {
      const { value } = seatNamed(wanted, draft);
      // Its name was found inside the template.
      return value === wanted && variable !== undefined ? variable.template : value;
    } catch (error) {
      if (variable === undefined || !(error instanceof InputError)) throw error;
      return variable.template;
    }
  };
  if (args.seat !== undefined) return read(args.seat);
  const { sure, candidates } = guessSeat(draft, isSecret);
  if (sure !== undefined) return read(sure.path);
  const [only, ...others] = templatesIn(leaves);
  if (only !== undefined && others.length === 0) return only.template;
  const text = `What in ${printable(request.name, 100)} names the seat? Its value, its field, or its variable`;
  const choices = candidates.map(({ path, value }) => `${printable(path, 60)}  ${printable(String(value), 60)}`);
  return asker.ask({ text, flag: '--seat', choices }, read);
}

interface Template {
  readonly name: string;
  readonly template: string;
}

/** Who signs in, and Artillery's own. */
const OTHER = /^\$(?!loopElement|inventory)|token|password|secret|user|email|csrf|cookie|session/i;

/** The variables in a request that may name a seat. */
function templatesIn(leaves: readonly Leaf[]): Template[] {
  const texts = leaves
    .filter(({ in: place }) => place !== 'header' && place !== 'login')
    .map(({ value }) => String(value));
  const found = texts.flatMap((text) => [...text.matchAll(/\{\{\s*([\w.$]+)\s*\}\}/g)]);
  const all = found.map(([template, name = '']) => ({ name, template }));
  return all.filter(({ name }, at) => !OTHER.test(name) && all.findIndex((other) => other.name === name) === at);
}
