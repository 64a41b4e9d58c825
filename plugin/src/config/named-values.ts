/** The keys of the plugin's block whose value may stand in `config.variables`, where each environment has its own. */
const NAMEABLE = ['inventories', 'readBack'] as const;

type Block = Readonly<Record<string, unknown>>;

/**
 * The plugin's block with `inventories: $seats` as the list that `config.variables.seats` holds, and `readBack: $name`
 * likewise: what is fought over, and where to ask, differ from environment to environment, and a scenario only names them.
 * A variable that is not there leaves the key out.
 */
export function withNamedValues(block: Block, variables: Block): Block {
  const named = NAMEABLE.flatMap((key) => {
    const name = nameIn(block[key]);
    return name === undefined ? [] : [[key, variables[name]] as const];
  });
  return Object.fromEntries(
    Object.entries({ ...block, ...Object.fromEntries(named) }).filter(([, value]) => value !== undefined),
  );
}

/** `seats` in `$seats`; undefined for anything else. */
export function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\$([A-Za-z_]\w*)$/.exec(value)?.[1] : undefined;
}
