import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './artillery.ts';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly uri?: string;
    readonly diagnostics?: readonly Diagnostic[];
    readonly items?: readonly unknown[];
  };
  readonly result?: unknown;
}

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

interface Completion {
  readonly label: string;
  readonly documentation?: string | { readonly value: string };
}

/** What editors run for YAML (yaml-language-server), spoken to as an editor does. */
export class LanguageServer {
  readonly #process: ChildProcess;
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #diagnosed = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  #received = Buffer.alloc(0);
  #requests = 0;

  constructor() {
    const server = path.join(root, 'node_modules/yaml-language-server/bin/yaml-language-server');
    this.#process = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdout?.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      for (let message = this.#next(); message !== undefined; message = this.#next()) this.#take(message);
    });
  }

  async start(): Promise<void> {
    const capabilities = { workspace: { configuration: true }, textDocument: { publishDiagnostics: {} } };
    await this.#ask('initialize', { processId: process.pid, rootUri: null, capabilities, workspaceFolders: [] });
    this.#send({ method: 'initialized', params: {} });
  }

  /** Opens a text as if it stood in that file. @returns what the editor underlines: `line: message` */
  async open(file: string, text: string): Promise<string[]> {
    const uri = pathToFileURL(file).href;
    const diagnosed = new Promise<readonly Diagnostic[]>((resolve) => this.#diagnosed.set(uri, resolve));
    this.#send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
    });
    return (await diagnosed).map(({ message, range }) => `${range.start.line + 1}: ${message}`);
  }

  /** What the editor offers where `|` stands, with the text that it shows beside each word. */
  async complete(file: string, withCursor: string): Promise<Readonly<Record<string, string>>> {
    await this.open(file, withCursor.replace('|', ''));
    const before = withCursor.slice(0, withCursor.indexOf('|')).split('\n');
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    const params = { textDocument: { uri: pathToFileURL(file).href }, position };
    const { items } = (await this.#ask('textDocument/completion', params)) as { readonly items: readonly Completion[] };
    const textOf = ({ documentation = '' }: Completion) =>
      typeof documentation === 'string' ? documentation : documentation.value;
    return Object.fromEntries(items.map((item) => [item.label, textOf(item)]));
  }

  stop(): void {
    this.#process.kill();
  }

  #ask(method: string, params: unknown): Promise<unknown> {
    this.#requests += 1;
    const id = this.#requests;
    const answer = new Promise<unknown>((resolve) => this.#answers.set(id, resolve));
    this.#send({ id, method, params });
    return answer;
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #next(): Message | undefined {
    const head = this.#received.indexOf('\r\n\r\n');
    const length = Number(/Content-Length: (\d+)/.exec(this.#received.subarray(0, Math.max(head, 0)).toString())?.[1]);
    const end = head + 4 + length;
    if (head === -1 || this.#received.length < end) return undefined;
    const message = JSON.parse(this.#received.subarray(head + 4, end).toString()) as Message;
    this.#received = this.#received.subarray(end);
    return message;
  }

  #take({ id, method, params = {}, result }: Message): void {
    if (id !== undefined && method === undefined) this.#answers.get(id)?.(result);
    // It asks for its settings: there are no settings.
    if (id !== undefined && method !== undefined) this.#send({ id, result: params.items?.map(() => null) ?? null });
    if (method === 'textDocument/publishDiagnostics') this.#diagnosed.get(params.uri ?? '')?.(params.diagnostics ?? []);
  }
}
