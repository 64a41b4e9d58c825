import { createInterface } from 'node:readline/promises';
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

export function terminalAsker(): Asker {
  return {
    isTerminal: true,
    async ask(question, read) {
      for (;;) {
        const answer = await lineFrom(question);
        try {
          return read(answer);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          process.stdout.write(`  ${error.message}\n`);
        }
      }
    },
  };
}

/** Ctrl-D and Ctrl-C end it, as they end every program. */
async function lineFrom({ text, choices = [], flag }: Question): Promise<string> {
  for (const choice of choices) process.stdout.write(`  ${choice}\n`);
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new InputError(`no answer; ${flag} answers this question too`)));
    lines.once('SIGINT', () => lines.close());
  });
  try {
    return (await Promise.race([lines.question(`${text}: `), closed])).trim();
  } finally {
    lines.removeAllListeners('close');
    lines.close();
  }
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
