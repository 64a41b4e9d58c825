import type * as z from 'zod';

/** The schema's own message, or plain words instead of zod's default. */
export function wordsFor(issue: z.core.$ZodIssue): string {
  if (isTemplate(issue)) return '';
  if (!/^(?:Invalid (?:input|option)|Too (?:small|big))\b/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'nonoptional' ? '' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return ['string', 'array'].includes(issue.origin) ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_union':
      return alternatives(issue.errors.flat());
    default:
      return issue.message;
  }
}

function alternatives(issues: readonly z.core.$ZodIssue[]): string {
  const words = [...new Set(issues.map(wordsFor))].filter((each) => each !== '');
  return words.length === 0 ? 'must be another value' : words.join(', or ').replaceAll(', or must be ', ' or ');
}

/** The text would have to be a template. The other branches of the union say what is wrong with it. */
export const isTemplate = ({ code, message }: z.core.$ZodIssue) =>
  code === 'invalid_format' && message.startsWith('Invalid string: must match pattern');

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a mapping',
  record: 'a mapping',
  string: 'text',
};
