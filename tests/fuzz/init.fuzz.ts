import fc from 'fast-check';
import { InputError } from '../../plugin/src/config/index.ts';
import { readCapture } from '../../plugin/src/init/formats/index.ts';
import { CAPTURES } from '../support/captures.ts';
import { wrongDocument } from '../support/wrong-documents.ts';
import { fuzz } from './support/fuzz.ts';
import { expectTold, HOSTILE } from './support/harmless.ts';
import { mutatedText } from './support/mutated.ts';

const CURL = [
  `curl 'https://shop.example/orders?channel=web' \\
  -H 'accept: */*' -H 'content-type: application/json' -b 'sid=1; theme=dark' \\
  --data-raw $'{"seat":"C-14","note":"it\\'s \\u0021 \\xc3\\xa9"}' --compressed`,
  `curl -sSLXPUT -u ann:pa:ss shop.example:8080/orders/1 -d a=1 --data-urlencode 'b=c d' -F "seat=$SEAT" --next -G x.test`,
  `curl "https://shop.example/orders" ^
  -H "content-type: application/json" ^
  --data-raw "^{^\\"seat^\\":^\\"C-14^\\"^}"`,
];
const DOCUMENTS = Object.values(CAPTURES);
const TEXTS = [...CURL, ...DOCUMENTS.map((document) => JSON.stringify(document, undefined, 1))];
const TOKENS = [
  "'",
  '"',
  "$'",
  '\\',
  '^',
  '^\n',
  '\\\n',
  ' -d ',
  ' -H ',
  ' -F ',
  ' --data-binary @',
  ' -u ',
  ' --next ',
  '$(x)',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
  '${SEAT}',
  '`x`',
  ' | ',
  '{',
  '[',
  '{"$ref":"#"}',
  '{{x}}',
  'https://',
  '%zz',
  '__proto__',
  ...HOSTILE,
];
const text = fc.oneof(
  mutatedText(TEXTS, TOKENS),
  fc
    .constantFrom(...DOCUMENTS)
    .chain((document) => wrongDocument(document).map((wrong) => JSON.stringify(wrong) ?? '')),
);

fuzz('a captured request is read, or is a clear error', text, async (damaged) => {
  const result: unknown = await readCapture(damaged, 'input', {}).catch((error: unknown) => error);
  if (result instanceof Error) expectTold(result, InputError);
});
