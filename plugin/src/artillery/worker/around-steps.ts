import { readRaceLine } from '../../config/index.ts';
import type { Metrics, VuContext } from '../shared/artillery.ts';
import { racedStepsOf } from '../shared/raced-steps.ts';
import type { CompiledStep, Over, Step } from './engine.ts';
import type { Flow } from './flow.ts';
import type { Traveller } from './vanished.ts';

/** What a virtual user is to the steps of its flow. */
export interface Walker extends Traveller {
  readonly flow: Flow;
}

/**
 * Leads virtual users through the steps of their flows. One whose raced request breaks is told so as by stock Artillery, and
 * stays for its next rounds: the rest of the round that broke is skipped.
 *
 * @param inventoryOf the value of `$inventory`, by the key of the inventory
 */
export function aroundSteps(
  walkerOf: (context: VuContext) => Walker | undefined,
  inventoryOf: (key: string | undefined) => unknown = () => undefined,
) {
  /** The loops over all inventories, with the variable that names the one of each turn. */
  const overAll = new WeakMap<object, string>();
  const goOn = (context: VuContext, { flow }: Walker, element: string | undefined): void => {
    flow.isAbout(element);
    context.vars.$inventory = inventoryOf(flow.inventory);
  };
  return ({ spec, run, metrics, loop, firstOf }: CompiledStep): Step => {
    const raced = racedStepsOf([spec]);
    if (loop !== undefined && spec.over === '$inventories')
      overAll.set(loop, String(spec.loopElement ?? '$loopElement'));
    const isBlock = loop !== undefined || Array.isArray(spec.parallel);
    const isSkipped = ({ flow }: Walker, context: VuContext): boolean => {
      if (!flow.isSkipping) return false;
      if (flow.isOver) return true;
      const [request] = raced;
      if (request === undefined || isBlock) return request === undefined;
      const line = readRaceLine(request.race, context.funcs.$template(request.race));
      return typeof line !== 'string' && flow.skips(line);
    };

    const go = (walker: Walker, context: VuContext, over: Over): unknown => {
      const { flow } = walker;
      if (isSkipped(walker, context)) return process.nextTick(over, null, context);
      if (loop !== undefined) {
        flow.enters(loop);
        return run(context, (error) => {
          flow.leaves(loop);
          if (overAll.has(loop)) {
            flow.isOver = false;
            goOn(context, walker, undefined);
          }
          over(error, context);
        });
      }
      if (isBlock) return run(context, over);
      const failed: Over = (error) => {
        if (error) walker.failedStep ??= 'function' in spec ? String(spec.function) : walker.step;
        over(error, context);
      };
      return run(context, raced.length > 0 ? survivor(walker, metrics, context, failed) : failed);
    };
    /** Where rounds repeat, the launcher says what the turn is about. */
    const turn = async (walker: Walker, context: VuContext, element: string): Promise<void> => {
      const key = await walker.contender.nextTurn();
      walker.flow.isOver = key === undefined;
      if (key === undefined) return;
      context.vars[element] = key;
      goOn(context, walker, String(key));
    };

    return (context, over) => {
      const walker = walkerOf(context);
      if (walker === undefined) return void run(context, over);
      if (firstOf !== undefined) walker.flow.turns(firstOf);
      const element = firstOf && overAll.get(firstOf);
      if (element !== undefined && walker.contender.repeats)
        return void turn(walker, context, element).then(() => go(walker, context, over), over);
      if (element !== undefined) goOn(context, walker, String(context.vars[element]));
      go(walker, context, over);
    };
  };
}

/**
 * Hears of the end of a raced request, and keeps the virtual user if the request broke. Where what prepares a round failed, the
 * answer may lack what the flow captures from it, and the rest of the round would be about nothing.
 */
function survivor({ contender, flow }: Walker, metrics: Metrics, context: VuContext, over: Over): Over {
  const before = contender.broken;
  return (error) => {
    const { broken } = contender;
    const isKept = broken !== undefined && broken !== before && (error || broken.why === 'not prepared');
    if (!isKept) return over(error, context);
    flow.skipRound(broken.line);
    if (error && (broken.why === 'timeout' || broken.why === 'connection')) {
      flow.failure ??= error;
      metrics.emit('error', (error as NodeJS.ErrnoException).code || error.message);
    }
    over(null, context);
  };
}
