import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Send } from './conduct.ts';
import { heldSocketOf } from './held-socket.ts';
import { readReply } from './reply.ts';

/**
 * One contender's keep-alive connection over HTTP/1.1. It opens with the first request, and is opened again when the
 * target has closed it. Everything but the last byte is sent and flushed; then that byte (**last-byte synchronisation**).
 */
export function openHttp1(maxBodyBytes: number): { readonly send: Send; close(): void } {
  const plain = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const secure = new https.Agent({ keepAlive: true, maxSockets: 1 });

  const send: Send = (request, events) => {
    let connected = false;
    let over = false;
    let socket: Socket | undefined;
    const upstream = (request.secure ? https : http).request({
      ...request.tls,
      host: request.host,
      port: request.port,
      method: request.method,
      path: request.path,
      headers: [...request.rawHeaders, 'Connection', 'keep-alive'],
      agent: request.secure ? secure : plain,
    });
    const failed = (error: NodeJS.ErrnoException) => {
      if (!over) events.failed(error, connected);
      over = true;
    };
    upstream.once('socket', (its: Socket) => {
      socket = its;
      heldSocketOf(its).hold();
      connected = !its.connecting;
      if (connected) return;
      its.once(request.secure ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
    });
    upstream.once('finish', () => {
      if (socket === undefined) return;
      const held = heldSocketOf(socket);
      held.sendAllButLast(() => {
        if (over || upstream.destroyed) return;
        events.staged((sent) => {
          held.sendLast();
          sent();
        });
      });
    });
    upstream.on('response', (response) => {
      events.firstByte();
      readReply(response, response, maxBodyBytes).then((reply) => {
        over = true;
        events.replied(reply);
      }, failed);
    });
    upstream.on('error', failed);
    upstream.end(request.body);

    return () => {
      over = true;
      upstream.destroy();
      // The request may have handed its connection back by now, so it is the socket that is ended.
      socket?.destroy();
    };
  };

  return {
    send,
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}
