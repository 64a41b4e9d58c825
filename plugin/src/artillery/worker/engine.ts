import { createRequire } from 'node:module';
import path from 'node:path';
import type { FlowStep, Metrics, VuContext } from '../shared/artillery.ts';

/** Tells the engine that a step or a scenario is over. Artillery's engine ends a virtual user at its first error. */
export type Over = (error: Error | null | undefined, context?: VuContext) => void;

/** A step of a flow, as the engine runs it for one virtual user after the other. */
export type Step = (context: VuContext, over: Over) => void;

/** A step of a flow, and what the engine has made of it. */
export interface CompiledStep {
  readonly spec: FlowStep;
  readonly run: Step;
  readonly metrics: Metrics;
  /** The step itself, if it is a loop. */
  readonly loop?: object;
  /** The loop whose turns begin with this step. */
  readonly firstOf?: object;
}

/** What the plugin puts around the engine's own work. */
export interface Around {
  /** Returns what the engine runs in place of the step. */
  step(step: CompiledStep): Step;
  /**
   * The virtual user has ended.
   *
   * @param error what ended it, if an error did
   * @returns the error that Artillery counts it with; undefined counts it as completed
   */
  ended(context: VuContext, error: Error | undefined): Error | undefined;
}

/** The part of Artillery's HTTP engine that is wrapped. */
interface Engine {
  step(spec: FlowStep, metrics: Metrics, options: unknown): Step;
  compile(tasks: unknown, scenario: unknown, metrics: Metrics): (context: VuContext, over?: Over) => unknown;
}

/**
 * Puts the plugin around every step and every virtual user of Artillery's HTTP engine in this thread. The engine has no hook
 * for either: it ends a virtual user at its first error, and no hook of a script can prevent that or hear of every one.
 *
 * @returns a function that takes the plugin away again
 * @throws Error if this Artillery has no such engine
 */
export function wrapEngine(around: Around): () => void {
  const engine = engineOfThread();
  const { step, compile } = engine;
  /** The loop whose first step the engine compiles next: it compiles a loop from the outside in, and in order. */
  let begun: object | undefined;

  Object.assign(engine, {
    step(this: Engine, spec: FlowStep, metrics: Metrics, options: unknown): Step {
      const firstOf = begun;
      const loop = Array.isArray(spec.loop) ? {} : undefined;
      begun = loop;
      const run = step.call(this, spec, metrics, options);
      begun = undefined;
      return around.step({ spec, run, metrics, ...(loop && { loop }), ...(firstOf && { firstOf }) });
    },
    compile(this: Engine, tasks: unknown, scenario: unknown, metrics: Metrics) {
      const run = compile.call(this, tasks, scenario, metrics);
      return (start: VuContext, over?: Over) =>
        run(start, over && ((error, context) => over(around.ended(start, error ?? undefined), context)));
    },
  } satisfies Engine);
  return () => void Object.assign(engine, { step, compile });
}

/** Artillery runs every worker thread with a file of its own, and the engine is beside that. */
function engineOfThread(): Engine {
  const worker = process.argv[1] ?? '';
  const file = path.resolve(path.dirname(worker), '../../core/engine_http.js');
  const loaded = createRequire(import.meta.url)(file) as { readonly default?: { readonly prototype: Partial<Engine> } };
  const engine = loaded.default?.prototype;
  if (typeof engine?.step !== 'function' || typeof engine.compile !== 'function')
    throw new Error(`artillery-plugin-race: ${file} is not the HTTP engine of Artillery 2.0.34 or later`);
  return engine as Engine;
}
