import type { Attempt } from '../model/index.ts';
import { type CurlCommand, curlOf } from './curl.ts';
import type { Report } from './report.ts';
import { ID_LENGTH, printable } from './untrusted.ts';

/** What a back-end engineer opens or sends again to see what happened to one attempt of a witness. */
export interface Evidence {
  readonly vu: number;
  /** Empty if the request was not traced. */
  readonly traceId: string;
  /** Where the trace can be seen; empty if nobody said. */
  readonly traceHref: string;
  /** Absent if the history does not hold the request. */
  readonly curl?: CurlCommand;
}

/** What there is about the first attempts of a witness, at most `limit`. */
export function evidenceOf(
  { config }: Pick<Report, 'config'>,
  witness: readonly Attempt[],
  limit: number,
): readonly Evidence[] {
  return witness
    .filter(({ traceId, request }) => traceId !== undefined || request !== undefined)
    .slice(0, limit)
    .map(({ vu, traceId, request }) => ({
      vu,
      traceId: printable(traceId ?? '', ID_LENGTH),
      traceHref: traceId === undefined ? '' : hrefOf(config.traceUrl, traceId),
      ...(request !== undefined && { curl: curlOf(request) }),
    }));
}

/** A history may come from anywhere, so the address is checked once more: only a web page may be linked. */
function hrefOf(traceUrl: unknown, traceId: string): string {
  if (typeof traceUrl !== 'string') return '';
  const url = URL.parse(traceUrl.replaceAll('{traceId}', encodeURIComponent(traceId)));
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : '';
}

/** `Set TOKEN and PASSWORD first.`; empty if the command needs nothing. */
export function needsOf({ variables, note }: CurlCommand): string {
  const last = variables.at(-1);
  const names = variables.length > 1 ? `${variables.slice(0, -1).join(', ')} and ${last}` : last;
  return [...(names === undefined ? [] : [`Set ${names} first.`]), ...(note === '' ? [] : [note])].join(' ');
}
