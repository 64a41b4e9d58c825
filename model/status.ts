/** HTTP statuses: single ones such as `409` and ranges such as `"400-499"`, both ends included. */
export type StatusSet = readonly (number | string)[];

/** Whether the set includes the status. A malformed range includes nothing. */
export function hasStatus(set: StatusSet, status: number): boolean {
  return set.some((entry) => {
    if (typeof entry === 'number') return entry === status;
    const [from, to] = entry.split('-').map(Number);
    return from !== undefined && to !== undefined && from <= status && status <= to;
  });
}
