import type { WireReply } from '../../recording/index.ts';

/** The cookies of one user. */
export class Cookies {
  readonly #hosts = new Map<string, Map<string, string>>();

  /** Keeps what an answer sets, and forgets what it takes back. */
  learn(url: string, reply: WireReply): void {
    if (reply.kind !== 'complete') return;
    const kept = this.#of(url);
    for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
      if (name === '') continue;
      if (/;\s*max-age=(?:0|-\d+)\s*(?:;|$)/i.test(line) || isPast(line)) kept.delete(name);
      else kept.set(name, value.trim());
    }
  }

  /** The header, with what the request itself has in it. Undefined where there are no cookies. */
  header(url: string, own: string | undefined): string | undefined {
    const kept = this.#of(url);
    const written = (own ?? '').split(/;\s*/).filter((pair) => pair !== '' && !kept.has(pair.split('=')[0] ?? ''));
    const all = [...written, ...[...kept].map(([name, value]) => `${name}=${value}`)];
    return all.length === 0 ? undefined : all.join('; ');
  }

  #of(url: string): Map<string, string> {
    const { hostname } = new URL(url);
    const kept = this.#hosts.get(hostname) ?? new Map<string, string>();
    this.#hosts.set(hostname, kept);
    return kept;
  }
}

function isPast(line: string): boolean {
  const date = Date.parse(/;\s*expires=([^;]+)/i.exec(line)?.[1] ?? '');
  return !Number.isNaN(date) && date <= Date.now();
}
