/** The options that may name a variable, because their values differ from environment to environment. */
export const NAMEABLE = ['inventories', 'readBack'] as const;

type Mapping = Readonly<Record<string, unknown>>;

/**
 * The plugin's block with `inventories: $seats` replaced by the list `config.variables.seats`, and `readBack: $name` likewise.
 * An option whose variable is missing is left out.
 */
export function withNamedValues(block: Mapping, variables: Mapping): Mapping {
  const named = NAMEABLE.flatMap((option) => {
    const name = nameIn(block[option]);
    return name === undefined ? [] : [[option, variables[name]] as const];
  });
  return Object.fromEntries(
    Object.entries({ ...block, ...Object.fromEntries(named) }).filter(([, value]) => value !== undefined),
  );
}

/** `seats` in `$seats`; undefined for anything else. */
export function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\$([A-Za-z_]\w*)$/.exec(value)?.[1] : undefined;
}
