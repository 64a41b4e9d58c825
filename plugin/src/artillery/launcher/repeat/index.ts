export { type Repeats, repeatRounds } from './repeats.ts';
