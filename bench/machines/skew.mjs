// node --import ./bench/machines/skew.mjs …
//
// The wall clock is wrong by BENCH_SKEW_MS: what `Date` and `performance.timeOrigin` say.

const skewMs = Number(process.env.BENCH_SKEW_MS);
const realNow = Date.now.bind(Date);
const timeOrigin = performance.timeOrigin + skewMs;

globalThis.Date = class extends Date {
  constructor(...args) {
    super(...(args.length === 0 ? [realNow() + skewMs] : args));
  }

  static now() {
    return realNow() + skewMs;
  }
};
Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin });
