import path from 'node:path';
import type { Inventory, ReadBack } from '../../../../../model/index.ts';
import type { BookSettings, RunSettings } from '../../../config/index.ts';
import type { Blotter } from '../../../recording/index.ts';
import type { ArtilleryScript } from '../../shared/artillery.ts';
import { tlsForQuestions } from '../../shared/tls.ts';
import { type Answer, ask, type Questions } from './ask.ts';
import type { Book } from './book.ts';
import { functionBook } from './function-book.ts';
import { httpBook } from './http-book.ts';
import { signerIn } from './signed-in.ts';
import { sqlBook } from './sql-book.ts';
import { subjectsOf } from './subjects.ts';

export type { Answer } from './ask.ts';

/** Asks every book of the suite. */
export interface Library {
  /** Rejects with an InputError where a book can never be asked. */
  check(): Promise<void>;
  /**
   * Asks about some inventories. Never rejects.
   *
   * @returns the answers of the first book, then of the second …; none where the suite has no read-back
   */
  ask(inventories: readonly Inventory[], asking: Asking): Promise<Answer[]>;
}

/** How to ask; see {@link Questions}. */
export type Asking = { readonly when: ReadBack['when'] } & Pick<
  Questions,
  'rawHeaders' | 'leastUnits' | 'restless' | 'told'
>;

/** What a library needs to know about its run. */
export interface LibraryOptions {
  readonly script: ArtilleryScript;
  readonly settings: Pick<RunSettings, 'readBack' | 'keys' | 'target' | 'wire'>;
  readonly blotter: Blotter;
}

/** @throws ConfigError where a driver or the processor is missing */
export function openLibrary(options: LibraryOptions): Library {
  const { readBack = [], keys } = options.settings;
  const books = readBack.map((settings) => bookOf(settings, options));
  const now = () => performance.now();
  const written = new Map(keys.map((key) => [String(key), key]));
  return {
    check: async () => void (await Promise.all(books.map((book) => book.check?.()))),
    async ask(inventories, asking) {
      const subjects = inventories.flatMap((inventory) => subjectsOf(inventory, (key) => written.get(key) ?? key));
      const answers: Answer[] = [];
      for (const [index, book] of books.entries()) {
        const number = books.length > 1 ? { number: index + 1 } : {};
        const told = await ask({ book, subjects, now, blotter: options.blotter, ...number, ...asking });
        for (const answer of told) answers.push(answer);
      }
      return answers;
    },
  };
}

function bookOf(book: BookSettings, { script, settings, blotter }: LibraryOptions): Book {
  const { target, wire } = settings;
  switch (book.kind) {
    case 'http':
      return httpBook(book, {
        target,
        wire,
        blotter,
        tls: tlsForQuestions(script),
        now: () => performance.now(),
        signedIn: signerIn(script, target),
      });
    case 'sql':
      return sqlBook(book, { folder: path.dirname(script._scriptPath ?? '.'), blotter });
    case 'function':
      return functionBook(book, script, target);
  }
}
