interface ArtilleryGlobal {
  plugins: unknown[];
  extensionEvents: unknown[];
  _exitCode: number;
  hasTypescriptProcessor: unknown;
  readonly globalEvents: NodeJS.EventEmitter;
}

/** Takes back what the last run has left in Artillery's global object, of this thread. */
export function resetGlobalObject(): void {
  const { artillery } = globalThis as unknown as { artillery?: ArtilleryGlobal };
  if (artillery === undefined) return;
  artillery.globalEvents.removeAllListeners();
  Object.assign(artillery, { plugins: [], extensionEvents: [], _exitCode: 0, hasTypescriptProcessor: undefined });
}

/** Puts these in the place of all variables of the environment, of this thread. */
export function replaceEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
}
