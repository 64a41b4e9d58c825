export { judge, judgementOf } from './judge.ts';
export { remarksOf } from './remarks.ts';
export { settled } from './settled.ts';
export { firstRoundOf, type JudgedVisit, judgedVisit, judgeVisit } from './visit.ts';
export { foldedOf, resultOf, type VisitResult } from './visit-result.ts';
