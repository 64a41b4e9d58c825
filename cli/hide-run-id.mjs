// Loaded before Artillery (node --import), which prints one line even with --quiet: "Test run id: …". Nobody needs it here.

const { log } = console;

console.log = (...words) => {
  if (words[0] !== 'Test run id:') log(...words);
};
