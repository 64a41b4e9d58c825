import { fillJson, fillUrl, lostInUrl } from '../../../../../model/index.ts';
import { printable } from '../../../../../reports/index.ts';
import { bookName, type HttpBook, publicUrl } from '../../../config/index.ts';
import { type Connections, createConnections, type OutgoingRequest, UNHELD } from '../../../gate/index.ts';
import { answerReader, type Blotter, readAnswer, type Subject } from '../../../recording/index.ts';
import { harmlessRequest, isElsewhere } from '../../shared/harmless-request.ts';
import type { Asker, Book, Question, Reply } from './book.ts';

const MAX_BODY_BYTES = 1 << 20;
const SHOWN = 200;

export interface HttpOptions {
  /** Base URL of the target. */
  readonly target: string;
  /** Options for `tls.connect`. */
  readonly tls: Readonly<Record<string, unknown>>;
  readonly wire: 'auto' | 'http1' | 'http2';
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  readonly blotter: Blotter;
  /** The headers that sign somebody in, by what `as` names. @throws an error that says why there are none */
  readonly signedIn: (name: string) => Promise<Readonly<Record<string, string>>>;
}

/** A book that is asked by a request. */
export function httpBook(settings: HttpBook, options: HttpOptions): Book {
  const { path, settleMs, retries, timeoutMs } = settings;
  const { target, now } = options;
  // How the target is spoken to says nothing about another host.
  const wire = isElsewhere(path, target) ? 'auto' : options.wire;
  return {
    name: bookName(settings),
    settleMs,
    retries,
    ...(settings.as !== undefined && { check: async () => void (await options.signedIn(settings.as ?? '')) }),
    open(asker) {
      const connections = createConnections({ now, wire, timeoutMs, maxBodyBytes: MAX_BODY_BYTES });
      const read = answerReader(settings);
      return {
        questionsAbout: (subjects) =>
          grouped(settings, options, asker, subjects).map(questionOver(connections, read, options.blotter)),
        close: () => connections.close(),
      };
    },
  };
}

interface Group {
  readonly subjects: readonly Subject[];
  readonly request: () => Promise<OutgoingRequest>;
}

/** Subjects that the same request asks about. */
function grouped(
  { method, path, json, headers = {}, as }: HttpBook,
  { target, tls, signedIn }: HttpOptions,
  { rawHeaders }: Asker,
  subjects: readonly Subject[],
): Group[] {
  const groups = Map.groupBy(subjects, ({ values }) =>
    JSON.stringify([fillUrl(path, values), fillJson(json, values), fillJson(headers, values)]),
  );
  return [...groups.values()].map((some) => {
    const values = some[0]?.values ?? {};
    const request = async () => {
      const lost = lostInUrl(path, values);
      if (lost !== undefined) throw new Error(`no URL can name "${lost}" in its path; name it otherwise`);
      return harmlessRequest({
        target,
        method,
        path: fillUrl(path, values) ?? path,
        json: fillJson(json, values),
        headers: {
          ...(as === undefined ? {} : await signedIn(as)),
          ...(fillJson(headers, values) as Record<string, string | number>),
        },
        rawHeaders: as === undefined ? rawHeaders : [],
        tls,
      });
    };
    return { subjects: some, request };
  });
}

const questionOver =
  (connections: Connections, read: ReturnType<typeof answerReader>, blotter: Blotter) =>
  ({ subjects, request }: Group): Question => ({
    subjects,
    async ask() {
      try {
        const sent = await request();
        blotter.learn(blotter.find.inRequest({ headers: headersOf(sent), path: sent.path, body: sent.body }));
        const { reply } = await connections.exchange(sent, UNHELD);
        return {
          isSilent: reply.kind !== 'complete',
          said: saidIn(sent, reply, blotter),
          read: (subject) => read(reply, subject),
        };
      } catch (error) {
        return unsent(error as Error);
      }
    },
  });

const unsent = ({ message }: Error): Reply => ({ isSilent: false, said: '', read: () => ({ error: message }) });

type WireReply = Parameters<ReturnType<typeof answerReader>>[0];

function saidIn({ method, secure, host, port, path }: OutgoingRequest, reply: WireReply, blotter: Blotter): string {
  const name = host.includes(':') ? `[${host}]` : host;
  const url = publicUrl(`${secure ? 'https' : 'http'}://${name}:${port}${path}`);
  if (reply.kind !== 'complete') return `${method} ${url} → no whole answer`;
  const { text } = readAnswer(reply, MAX_BODY_BYTES);
  return `${method} ${blotter.text(url)} → ${reply.status} ${printable(blotter.text(text), SHOWN)}`.trim();
}

const headersOf = ({ rawHeaders }: OutgoingRequest) =>
  Object.fromEntries(
    rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [])),
  );
