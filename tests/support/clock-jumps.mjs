// Preloaded with --import: the wall clock jumps by CLOCK_JUMP_MS as soon as the file CLOCK_JUMP_WHEN is there.

import { existsSync } from 'node:fs';

const { CLOCK_JUMP_MS, CLOCK_JUMP_WHEN } = process.env;
const realNow = Date.now.bind(Date);
let shiftMs = 0;

const timer = setInterval(() => {
  if (!existsSync(CLOCK_JUMP_WHEN)) return;
  shiftMs = Number(CLOCK_JUMP_MS);
  clearInterval(timer);
}, 5);
timer.unref();

globalThis.Date = class extends Date {
  constructor(...args) {
    super(...(args.length === 0 ? [realNow() + shiftMs] : args));
  }

  static now() {
    return realNow() + shiftMs;
  }
};
