import * as z from 'zod';

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
    .refine((text) => text.startsWith('/') || isPossibleUrl(text), {
      error: 'is not a URL: look at its host and its port',
      when: ({ issues }) => issues.length === 0,
    });

/** Whether a URL can have this host and port. Where they hold a template, only Artillery knows what they become. */
export const isPossibleUrl = (url: string): boolean => HAS_TEMPLATE_IN_HOST.test(url) || URL.canParse(url);

const HAS_TEMPLATE_IN_HOST = /^[^/]*\/\/[^/?#]*\{\{/;
