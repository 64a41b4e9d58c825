import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bookName, ConfigError, type FunctionBook, suggestion } from '../../../config/index.ts';
import { readOwnership, type Subject, type WhoOwns } from '../../../recording/index.ts';
import type { ArtilleryScript } from '../../shared/artillery.ts';
import type { Book, Question, Reply } from './book.ts';
import { TooLate, within } from './within.ts';

const PATH = 'config.plugins.race.readBack.function';

/**
 * A book that a function of the suite reads. The processor is loaded in this thread, as Artillery loads it for its `before`
 * and `after` sections: the workers have ended by the time of the last question.
 *
 * @throws ConfigError if the script has no processor
 */
export function functionBook(settings: FunctionBook, script: ArtilleryScript, target: string): Book {
  const { settleMs, retries, timeoutMs } = settings;
  const { processor, variables = {} } = script.config;
  if (typeof processor !== 'string') {
    throw new ConfigError({
      path: 'config.processor',
      problem: 'missing',
      fix: `${PATH} is a function that it exports`,
    });
  }
  const file = path.resolve(path.dirname(script._scriptPath ?? '.'), processor);
  let loaded: Promise<WhoOwns> | undefined;
  const load = () => {
    loaded ??= exported(file, settings.function);
    return loaded;
  };
  const questionAbout = (subject: Subject): Question => ({
    subjects: [subject],
    async ask(when): Promise<Reply> {
      try {
        const { values } = subject;
        const call = load().then((whoOwns) =>
          whoOwns(values.key ?? '', { when, inventory: values, target, variables }),
        );
        const returned = await within(timeoutMs, call, `the function ${settings.function}`);
        return { isSilent: false, said: '', read: () => readOwnership(returned, subject) };
      } catch (error) {
        return {
          isSilent: error instanceof TooLate,
          said: '',
          read: () => ({ error: wordsOf(error, settings.function) }),
        };
      }
    },
  });
  return {
    name: bookName(settings),
    settleMs,
    retries,
    check: async () => void (await load()),
    open: () => ({ questionsAbout: (subjects) => subjects.map(questionAbout), close() {} }),
  };
}

function wordsOf(error: unknown, name: string): string {
  if (error instanceof TooLate || error instanceof ConfigError) return error.message;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `the function ${name} threw ${text.split('\n').slice(0, 3).join(' ')}`;
}

/** @throws ConfigError if the file cannot be loaded, or does not export a function of that name */
async function exported(file: string, name: string): Promise<WhoOwns> {
  const functions = await load(file);
  const known = Object.keys(functions).filter((key) => typeof functions[key] === 'function');
  if (known.includes(name)) return functions[name] as WhoOwns;
  throw new ConfigError({
    path: PATH,
    problem: `${path.basename(file)} exports no function ${name}`,
    fix: known.length === 0 ? 'it exports no function' : suggestion(name, known),
  });
}

/** As Artillery loads it: CommonJS and modules, with or without the ending. */
async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  let resolved = file;
  try {
    resolved = createRequire(import.meta.url).resolve(file);
  } catch {}
  try {
    const module = (await import(pathToFileURL(resolved).href)) as Record<string, unknown>;
    return { ...(module.default as object | undefined), ...module };
  } catch (error) {
    throw new ConfigError({ path: 'config.processor', problem: `cannot be loaded: ${(error as Error).message}` });
  }
}
