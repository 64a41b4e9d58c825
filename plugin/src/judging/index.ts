export { judge, judgementOf } from './judge.ts';
export { remarksOf } from './remarks.ts';
export { settled } from './settled.ts';
export { judgeVisit, type VisitVerdict } from './visit.ts';
