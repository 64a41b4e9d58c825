import { randomBytes } from 'node:crypto';
import { httpServer } from '../support/http-server.ts';
import { pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

interface Session {
  readonly user: string;
  readonly csrf: string;
}

const newToken = () => randomBytes(8).toString('hex');
const form = ({ csrf }: Session) => `<form method="post"><input name="csrf" value="${csrf}"><button>Go</button></form>`;

/** Pages and forms, with a session in a cookie and a new token for each form. The wrong one looks, and writes later. */
export const standIn: StandIn = {
  open(isRight) {
    const sessions = new Map<string, Session>();
    const owners = new Map<string, string>();
    let bookings = 0;
    return httpServer(async ({ method, url = '', headers }, response, body) => {
      const id = /session=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? newToken();
      const session = sessions.get(id) ?? { user: '', csrf: newToken() };
      sessions.set(id, session);
      const seat = /^\/seats\/(\w+)/.exec(url)?.[1];
      const owner = owners.get(seat ?? '');
      const page = (status: number, text: string, more = {}) =>
        response.writeHead(status, { 'content-type': 'text/html', 'set-cookie': `session=${id}`, ...more }).end(text);

      if (method === 'GET') return page(200, `${owner === undefined ? 'Free' : `Taken by ${owner}`} ${form(session)}`);
      const fields = new URLSearchParams(body);
      if (fields.get('csrf') !== session.csrf) return page(403, 'This form is too old');
      const csrf = newToken();
      sessions.set(id, { ...session, user: session.user || (fields.get('user') ?? ''), csrf });
      if (seat === undefined) return page(303, '', { location: '/' });
      if (session.user === '') return page(303, '', { location: '/login' });
      if (owner !== undefined) return page(303, '', { location: `/seats/${seat}?error=taken` });
      await pause(isRight);
      owners.set(seat, session.user);
      bookings += 1;
      return page(303, '', { location: `/bookings/${bookings}` });
    });
  },
  finding: 'double-booking',
  says: /seat A\d \(capacity 1\) was sold more than once/,
};
