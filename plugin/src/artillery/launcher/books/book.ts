import type { Reading, Subject } from '../../../recording/index.ts';

/** A book in which the system under test writes down who owns what, such as an API, a table or a ledger. */
export interface Book {
  /** What people call it: `GET /seats/{seatId}`. */
  readonly name: string;
  /** How long the target needs to decide, in milliseconds; undefined: the suite does not say. */
  readonly settleMs: number | undefined;
  /** How often to ask again. */
  readonly retries: number;
  /** Rejects with a ConfigError where the book can never be asked. Default: that shows with the first question. */
  check?(): Promise<void>;
  /** Opens it for some questions. Nothing is sent before the first of them. */
  open(asker: Asker): OpenBook;
}

/** In whose name a book is asked. */
export interface Asker {
  /** The headers of a contender, names and values in turn; empty where none is known. */
  readonly rawHeaders: readonly string[];
}

export interface OpenBook {
  /** The questions about some subjects. One may be about several: then one answer holds all of them. */
  questionsAbout(subjects: readonly Subject[]): readonly Question[];
  close(): Promise<void> | void;
}

export interface Question {
  readonly subjects: readonly Subject[];
  /** Asks, each time anew. Never rejects. */
  ask(when: 'before' | 'after'): Promise<Reply>;
}

export interface Reply {
  /** Nobody answered: a hanging server would delay the verdict by minutes if each further question were repeated. */
  readonly isSilent: boolean;
  /** What was asked and what came, for people, without secrets. */
  readonly said: string;
  read(subject: Subject): Reading;
}
