/** A secret in every way in which a server may write it: as sent, in JSON, in HTML, in a URL, in a form, in Base64. */
export const spellingsOf = (secret: string): string[] => [
  secret,
  ...inJson(JSON.stringify(secret).slice(1, -1)),
  ...inHtml(secret),
  inUrl(secret),
  inUrl(secret).replace(/%../g, (code) => code.toLowerCase()),
  encodeURI(secret.toWellFormed()),
  new URLSearchParams([['', secret]]).toString().slice(1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('base64url'),
];

/** The usual spelling, and those of PHP, Python, Go, Gson and .NET, which escape more than they must. */
function inJson(json: string): string[] {
  const ascii = escaped(json, /[^\x20-\x7e]/g);
  return [
    ...[json, ascii].flatMap((form) => [form, form.replaceAll('/', '\\/')]),
    escaped(json, /[<>&]/g),
    escaped(json, /[<>&=']/g),
    escaped(json, /[^\x20-\x7e]|[<>&'+`]|\\"/g, (code) => code.toUpperCase()),
  ];
}

/** @param spell how the four digits of the code are written */
const escaped = (json: string, which: RegExp, spell = (code: string) => code): string =>
  json.replace(which, (unit) => `\\u${spell(unit.slice(-1).charCodeAt(0).toString(16).padStart(4, '0'))}`);

const HTML_NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function inHtml(text: string): string[] {
  const html = text.replace(/[&<>"]/g, (character) => HTML_NAMES[character] ?? character);
  return ['&#39;', '&#039;', '&#x27;'].map((apostrophe) => html.replaceAll("'", apostrophe));
}

const inUrl = (secret: string) => encodeURIComponent(secret.toWellFormed());
