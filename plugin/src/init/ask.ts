import { createInterface, type Interface } from 'node:readline';
import { InputError } from '../config/index.ts';

/** Something that `init` cannot know by itself. */
export interface Question {
  /** The question, without a question mark's answer: `Which seats are free? Separate them by commas`. */
  readonly text: string;
  /** The option that answers it. */
  readonly flag: string;
  /** What to choose from, a line each. */
  readonly choices?: readonly string[];
  /** What will be asked after it: without a terminal both are said at once. */
  readonly next?: Question | undefined;
}

/** Asks the user, or says which options answer where nobody can be asked. */
export interface Asker {
  readonly isTerminal: boolean;
  /**
   * Asks until `read` takes the answer: it throws an InputError for one that it does not.
   *
   * @throws InputError without a terminal, naming the option
   */
  ask<T>(question: Question, read: (answer: string) => T): Promise<T>;
}

/** Asks on the terminal. It keeps stdin open until `close` is called: lines that were pasted at once all count. */
export function terminalAsker(): Asker & { close(): void } {
  let lines: Interface | undefined;
  let answers: AsyncIterator<string> | undefined;
  const lineFor = async ({ text, choices = [], flag }: Question): Promise<string> => {
    lines ??= createInterface({ input: process.stdin, output: process.stdout });
    answers ??= lines[Symbol.asyncIterator]();
    for (const choice of choices) process.stdout.write(`  ${choice}\n`);
    lines.setPrompt(`${text}: `);
    lines.prompt();
    const { value, done } = await answers.next();
    // Ctrl-D and Ctrl-C end it, as they end every program.
    if (done === true) throw new InputError(`no answer; ${flag} answers this question too`);
    return value.trim();
  };
  return {
    isTerminal: true,
    async ask(question, read) {
      for (;;) {
        const answer = await lineFor(question);
        try {
          return read(answer);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          process.stdout.write(`  ${error.message}\n`);
        }
      }
    },
    close: () => lines?.close(),
  };
}

/** Nobody can be asked: says which option answers. */
export const silentAsker: Asker = {
  isTerminal: false,
  ask: ({ next, ...question }) => {
    const also = next === undefined ? '' : `\n${needed(next)}`;
    return Promise.reject(new InputError(`${needed(question)}${also}`));
  },
};

function needed({ flag, text, choices = [] }: Question): string {
  const list = choices.map((choice) => `\n    ${choice}`).join('');
  return `${flag}: is needed, because there is no terminal to ask: ${text}${list}`;
}
