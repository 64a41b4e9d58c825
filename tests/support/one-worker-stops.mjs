// A processor: the virtual users of the worker that the first of them is in go for the first inventory only.
let isThisWorker = false;

export function choose(context, _events, done) {
  isThisWorker ||= context.vars.$vu === 1;
  context.vars.chosen = isThisWorker ? context.vars.$inventories.slice(0, 1) : context.vars.$inventories;
  done();
}
