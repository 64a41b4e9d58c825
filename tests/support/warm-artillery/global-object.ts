interface ArtilleryGlobal {
  plugins: unknown[];
  extensionEvents: unknown[];
  _exitCode: number;
  hasTypescriptProcessor: unknown;
  readonly globalEvents: NodeJS.EventEmitter;
}

/** Removes from the thread's global Artillery object what the last run left there. */
export function resetGlobalObject(): void {
  const { artillery } = globalThis as unknown as { artillery?: ArtilleryGlobal };
  if (artillery === undefined) return;
  artillery.globalEvents.removeAllListeners();
  Object.assign(artillery, { plugins: [], extensionEvents: [], _exitCode: 0, hasTypescriptProcessor: undefined });
}

/** Replaces the thread's environment variables. */
export function replaceEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
}
