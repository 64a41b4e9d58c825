export { judge } from './judge.ts';
export { notesOf } from './notes.ts';
export { settled } from './settled.ts';
