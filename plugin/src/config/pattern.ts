import * as z from 'zod';
import { barePattern, patternIn } from '../../../model/pattern.ts';

const checked = (read: (text: string) => unknown) =>
  z.string().superRefine((text, context) => {
    try {
      read(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: `is not a pattern: ${(error as Error).message}` });
    }
  });

/** A text, or a pattern where it is written as `/…/` with valid flags. */
export const textOrPattern = checked(patternIn);

/** A pattern, bare or in slashes. */
export const pattern = checked(barePattern).min(1, 'must not be empty');

/** The name of a header. */
export const headerName = z.string().regex(/^[!#$%&'*+.^`|~\w-]+$/, 'must be the name of a header, such as location');
