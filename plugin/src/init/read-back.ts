import { InputError } from '../config/index.ts';
import type { Seat } from './seat.ts';

/**
 * The read-back as a suite writes it: a path with a placeholder. One that names the captured seat is about that seat.
 *
 * @throws InputError if it is no path, or is about no seat
 */
export function readBackPath(text: string, { value }: Seat): string {
  if (!/^(?:\/|https?:\/\/[^/{}]+\/)/.test(text)) {
    throw new InputError(`--read-back: must be a path such as /seats/{seat} (received ${text.slice(0, 60)})`);
  }
  if (/\{[A-Za-z_]\w*\}/.test(text)) return text;
  const parts = text.split(/([/?&=])/).map((part) => (part === encodeURIComponent(String(value)) ? '{key}' : part));
  if (parts.includes('{key}')) return parts.join('');
  throw new InputError(
    `--read-back: must say where the seat stands, such as /seats/{seat} (received ${text.slice(0, 60)})`,
  );
}
