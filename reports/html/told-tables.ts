import type { Told } from '../../model/index.ts';
import type { Report } from '../report.ts';
import { printable } from '../untrusted.ts';
import { grouped } from './figures.ts';

/** What refusals, or unrecognised answers, say: a row for each text. */
export interface ToldTable {
  readonly caption: string;
  readonly rows: readonly { readonly count: string; readonly status: number; readonly text: string }[];
  /** Says how many kinds are left out; empty if all are shown. */
  readonly omitted: string;
}

/** More kinds than this push everything else off the screen; the verdict file has all. */
const SHOWN = 10;

/** A table of refusals and one of unrecognised answers; only of those that came. */
export const toldTablesOf = ({ refusals, unrecognised }: Report): readonly ToldTable[] =>
  [tableOf('What refusals say', refusals), tableOf('Not recognised', unrecognised)].flat();

function tableOf(caption: string, told: readonly Told[]): ToldTable[] {
  if (told.length === 0) return [];
  const rows = told.slice(0, SHOWN).map(({ status, text, count }) => ({
    count: grouped(count),
    status,
    text: printable(text),
  }));
  const more = told.length - rows.length;
  return [{ caption, rows, omitted: more > 0 ? `${more} more kinds are in the verdict file.` : '' }];
}
