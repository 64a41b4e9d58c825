import { isMapping, ownValue } from '../../../../model/json.ts';

/** What templates stand for: `$env.TOKEN` is at `$env`, then `TOKEN`. */
export type Variables = Readonly<Record<string, unknown>>;

const TEMPLATE = /\{\{\s*([$\w]+(?:\.\w+|\[\d+\])*)\s*\}\}/g;

/**
 * A text with its templates filled in, as Artillery does it.
 *
 * @param unknown collects the names that stand for nothing
 */
export const fillText = (text: string, variables: Variables, unknown: Set<string>): string =>
  text.replace(TEMPLATE, (all, name: string) => {
    const value = valueAt(name, variables);
    if (value === undefined) unknown.add(name);
    return value === undefined ? all : String(value);
  });

/** The same for JSON. A text that is one template becomes the value, so a number stays a number. */
export function fillValue(value: unknown, variables: Variables, unknown: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((inner) => fillValue(inner, variables, unknown));
  if (isMapping(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        fillText(name, variables, unknown),
        fillValue(inner, variables, unknown),
      ]),
    );
  }
  if (typeof value !== 'string') return value;
  const alone = new RegExp(`^${TEMPLATE.source}$`).exec(value)?.[1];
  return (alone === undefined ? undefined : valueAt(alone, variables)) ?? fillText(value, variables, unknown);
}

const valueAt = (name: string, variables: Variables): unknown =>
  name
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .reduce(ownValue, variables as unknown);
