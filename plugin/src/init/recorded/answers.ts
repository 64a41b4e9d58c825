import { parseJson } from '../../../../model/json.ts';
import type { Capture, CapturedRequest } from '../capture.ts';
import { type JsonLeaf, leavesIn } from '../json-leaves.ts';

/** All single values of an answer; empty where it is absent or no JSON. */
export const leavesOfAnswer = ({ answer }: CapturedRequest): JsonLeaf[] => leavesIn(parseJson(answer?.body ?? ''));

/** What was sent before a request, and after it. */
export function around({ requests }: Capture, request: CapturedRequest) {
  const index = requests.indexOf(request);
  return { earlier: requests.slice(0, index), later: requests.slice(index + 1) };
}

export const headerOf = (headers: readonly (readonly [string, string])[], wanted: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
