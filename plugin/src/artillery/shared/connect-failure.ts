import { connect, type Socket } from 'node:net';
import { failureReason } from './failure-reason.ts';
import { hostOf } from './harmless-request.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** Connects to the target, and sends nothing. Returns why that failed, or undefined; it takes at most 5 s. */
export const connectFailure = (target: string, signal?: AbortSignal): Promise<string | undefined> =>
  failureOf(() => connect(addressOf(target)), 'connect', signal);

/** What people can do about a target that {@link connectFailure} finds dead; `where` says where its URL is written. */
export const deadTarget = (publicUrl: string, reason: string, where: string): string =>
  `nothing answers at ${publicUrl}: ${reason}. Is the API up? (${where})`;

export function addressOf(target: string): { readonly host: string; readonly port: number } {
  const url = new URL(target);
  return { host: hostOf(url), port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) };
}

/** Opens a connection and closes it again. Returns why that failed, or undefined. */
export function failureOf(
  open: () => Socket,
  openedEvent: 'connect' | 'secureConnect',
  signal?: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      const socket = open();
      const conclude = (reason: string | undefined) => {
        resolve(reason);
        socket.destroy();
      };
      socket.setTimeout(CONNECT_TIMEOUT_MS, () => conclude(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`));
      socket.once(openedEvent, () => conclude(undefined));
      socket.once('error', (error) => conclude(failureReason(error)));
      signal?.addEventListener('abort', () => conclude('interrupted'), { once: true });
    } catch (error) {
      resolve(failureReason(error));
    }
  });
}
