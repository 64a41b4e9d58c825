import { type HttpServer, httpServer } from './http-server.ts';
import { pause } from './shop.ts';

/**
 * An API of another shape: the plot stands in the path, users sign in by HTTP Basic, and every answer is a 200.
 *
 * @param isRight whether it sells each plot once
 */
export function campsite(isRight: boolean): Promise<HttpServer> {
  const stays = new Map<string, string[]>();
  return httpServer(async ({ url = '', headers, method }, response) => {
    const say = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const [, , plot = ''] = url.split('/');
    if (method === 'GET') return say({ plot, stays: (stays.get(plot) ?? []).map((ref) => ({ ref })) });
    if (!/^Basic /.test(headers.authorization ?? '')) return response.writeHead(401).end();
    const taken = { result: 'DENIED', reason: { text: `plot ${plot} is taken` } };
    if ((stays.get(plot) ?? []).length > 0) return say(taken);
    await pause(isRight);
    const ref = `ST-${plot.length}${stays.size}${Math.random().toString(36).slice(2, 8)}`;
    stays.set(plot, [...(stays.get(plot) ?? []), ref]);
    return say({ result: 'CONFIRMED', stay: { ref } });
  });
}
