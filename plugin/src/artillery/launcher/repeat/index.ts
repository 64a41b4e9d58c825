export { checkRepeat } from './check-repeat.ts';
export { type Repeats, repeatRounds } from './repeats.ts';
