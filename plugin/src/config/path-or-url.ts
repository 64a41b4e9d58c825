import * as z from 'zod';

const TEMPLATE = /\{\{.*?\}\}/g;

/**
 * The schema of a path below the target, or of a URL, whose host and port must be possible.
 *
 * @param form what it must look like
 * @param words the same for people
 */
export const pathOrUrl = (form: RegExp, words: string) =>
  z
    .string()
    .regex(form, words)
    .refine((text) => text.startsWith('/') || URL.canParse(text.replace(TEMPLATE, '1')), {
      error: 'is not a URL: look at its host and its port',
      when: ({ issues }) => issues.length === 0,
    });
