/**
 * Deals lists out: virtual user 1 gets the first entry of each, and so on, from the start again behind the last.
 *
 * @param names of the variables; one that is no list is left out
 * @returns the entries of a virtual user, by the names of the variables
 */
export function inTurn(
  names: readonly string[],
  variables: Readonly<Record<string, unknown>> = {},
): (vu: number) => Readonly<Record<string, unknown>> {
  const lists = names.flatMap((name) => {
    const list: unknown = variables[name];
    return Array.isArray(list) && list.length > 0 ? [[name, list] as const] : [];
  });
  return (vu) => Object.fromEntries(lists.map(([name, list]) => [name, list[(vu - 1) % list.length]]));
}
