import type { CapturedRequest } from './capture.ts';
import type { RecordedStatusPage } from './recorded/status-page.ts';
import type { Seat } from './seat.ts';

/** Longer lists say no more. */
const MAX_LISTED = 8;

/** What the user has to know of a request that the input does not show in full, a sentence each. */
export function remarksOn(
  { remarks = [], madeUp = [], body, answer }: CapturedRequest,
  seat: Seat,
  known: Known,
): string[] {
  const files = body?.kind === 'multipart' ? (body.files ?? []) : [];
  const invented = madeUp.filter((path) => seat.leaves.every((leaf) => leaf.path !== path));
  return [
    ...remarks.map((remark) => `${remark[0]?.toUpperCase()}${remark.slice(1)}.`),
    ...(files.length === 0 ? [] : [`Left out, because no suite can send a file: ${listed(files)}.`]),
    ...(invented.length === 0
      ? []
      : [`Made up, because the document shows no value; put in real ones: ${listed(invented)}.`]),
    ...openRemarks(answer?.status ?? 200, known),
  ];
}

/** What the input shows of how a booking goes on. */
interface Known {
  readonly page: RecordedStatusPage | undefined;
  readonly isReadBack: boolean;
}

function openRemarks(status: number, { page, isReadBack }: Known): string[] {
  if (page !== undefined && page.refusal === undefined) {
    return ['How the status page says no is not in the input, so refused bookings stay open; --probe learns it.'];
  }
  if (page !== undefined || status < 202 || status >= 400) return [];
  if (status === 202) {
    return isReadBack
      ? []
      : ['The booking was accepted (202), and the input does not show how it went on; --probe learns it.'];
  }
  return [`The booking was answered ${status}, which is no success by itself; --probe learns what is one.`];
}

const listed = (names: readonly string[]): string =>
  names.slice(0, MAX_LISTED).join(', ') + (names.length > MAX_LISTED ? ', …' : '');
