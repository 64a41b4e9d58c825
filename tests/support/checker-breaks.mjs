// Preloaded with --import: sorting the response times throws, which only one checker does.

const { toSorted } = Array.prototype;

Array.prototype.toSorted = function (...args) {
  if (typeof this[0] === 'object' && this[0] !== null && 'timeMs' in this[0]) throw new Error('a bug in a checker');
  return toSorted.apply(this, args);
};
