/** So many texts are remembered, and only short ones: whole files are not kept in memory. */
const MAX_TEXTS = 20_000;
export const MAX_SEEN = 1024;

/**
 * Remembers texts that were searched for secrets. In a race most requests carry the same headers and bodies, and the same
 * search again finds nothing new.
 *
 * @returns a function that says whether it does not remember a text; a text that is too long to remember is always new
 */
export function createSeen(): (text: string) => boolean {
  const seen = new Set<string>();
  return (text) => {
    if (text.length > MAX_SEEN) return true;
    if (seen.has(text)) return false;
    if (seen.size >= MAX_TEXTS) seen.clear();
    seen.add(text);
    return true;
  };
}
