import { ConfigError, InputError } from '../../config/index.ts';
import type { Capture, Choice, Format } from '../capture.ts';
import { curl } from './curl/index.ts';
import { har } from './har.ts';
import { openapi } from './openapi/index.ts';
import { postman } from './postman/index.ts';

/** Every kind of input, in the order in which they are tried. */
const FORMATS: readonly Format[] = [curl, har, openapi, postman];

/**
 * Reads an input of any known kind.
 *
 * @param name of the file, for messages
 * @throws InputError if it is of none, or breaks its format
 */
export async function readCapture(text: string, name: string, choice: Choice): Promise<Capture> {
  const format = FORMATS.find((one) => one.recognises(text));
  if (format !== undefined) {
    return format.read(text, choice).catch((error: unknown) => {
      throw error instanceof ConfigError ? error.inside(name) : error;
    });
  }
  if (/^\s*(?:Invoke-|\$session\s*=)/i.test(text)) {
    throw new InputError(`${name}: is for PowerShell; copy the request as cURL (bash) or cURL (cmd)`);
  }
  throw new InputError(`${name}: is no cURL command, HAR, OpenAPI document or Postman collection`);
}
