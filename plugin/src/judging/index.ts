export { judge } from './judge.ts';
export { type Remarks, remarksOf } from './remarks.ts';
export { settled } from './settled.ts';
