/** Whether a command was copied for Windows' cmd.exe: bash has no use for these carets, and none for `""`. */
export const isForCmd = (text: string): boolean => /\^["\r\n]/.test(text) || /[[{:,]\s*""\w/.test(text);

/** The words of each command in a text, as cmd.exe and then the C runtime of Windows read them. */
export const cmdCommands = (text: string): string[][] =>
  unescapedLines(text.replace(/\r\n/g, '\n'))
    .map(wordsIn)
    .filter((words) => words.length > 0);

/** What cmd.exe makes of carets; a character that it escapes ends no command. */
function unescapedLines(text: string): string[] {
  const lines = [''];
  let isQuoted = false;
  const add = (character: string) => {
    lines[lines.length - 1] += character;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '^' && !isQuoted) {
      at += 1;
      // The line goes on; what follows is taken as it is, another line break included.
      if (text[at] === '\n') at += 1;
      add(text[at] ?? '');
    } else if (/[\n&|]/.test(character) && (!isQuoted || character === '\n')) {
      isQuoted = false;
      lines.push('');
    } else {
      if (character === '"') isQuoted = !isQuoted;
      add(character);
    }
  }
  return lines;
}

/** What the C runtime makes of quotes and backslashes: a backslash counts only before a quote. */
function wordsIn(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (const [piece, , slashes, quotes = ''] of line.matchAll(/((\\+)(?="))?("{1,2})|\s+|\\+|[^\\"\s]+/g)) {
    const isBlank = quotes === '' && /^\s/.test(piece);
    if (isBlank && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word ??= '';
    if (quotes === '') word += piece;
    else {
      const { text, isToggled } = quotedBy(slashes ?? '', quotes, isQuoted);
      word += text;
      if (isToggled) isQuoted = !isQuoted;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Two backslashes before a quote are one; an odd one makes the quote a character, and so does a second quote inside quotes. */
function quotedBy(slashes: string, quotes: string, isQuoted: boolean): { text: string; isToggled: boolean } {
  const kept = slashes.slice(0, slashes.length >> 1);
  const isEscaped = slashes.length % 2 === 1;
  if (isEscaped) return { text: `${kept}"`, isToggled: quotes.length === 2 };
  if (quotes.length === 1) return { text: kept, isToggled: true };
  return { text: isQuoted ? `${kept}"` : kept, isToggled: false };
}
