// Preloaded with --import: looking for the last of some attempts throws, which only one checker does.

const { findLast } = Array.prototype;

Array.prototype.findLast = function (...args) {
  if (typeof this[0] === 'object' && this[0] !== null && 'outcome' in this[0]) throw new Error('a bug in a checker');
  return findLast.apply(this, args);
};
