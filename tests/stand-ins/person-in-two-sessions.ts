import { newOrder, openShop, pause } from '../support/shop.ts';
import type { StandIn } from '../support/stand-in.ts';

interface Stretch {
  readonly from: string;
  readonly to: string;
}

const SESSIONS = new Map<string, Stretch>([
  ['s-1', { from: '2027-05-04T09:00Z', to: '2027-05-04T10:30Z' }],
  ['s-2', { from: '2027-05-04T10:00Z', to: '2027-05-04T11:00Z' }],
  ['s-3', { from: '2027-05-04T10:30Z', to: '2027-05-04T12:00Z' }],
]);
const overlap = (a: Stretch, b: Stretch) => a.from < b.to && b.from < a.to;

/** The wrong one compares the calendar, sends an invitation, and then enrols. */
export const standIn: StandIn = {
  open(isRight) {
    const enrolled = new Map<string, (Stretch & { readonly id: string })[]>();
    return openShop({
      async 'POST /sessions'({ body, name }) {
        const [person, session] = [String(body.person), SESSIONS.get(name)];
        if (session === undefined) return [404, { message: 'no such session' }];
        if (enrolled.get(person)?.some((other) => overlap(session, other)))
          return [409, { message: 'you are busy then' }];
        await pause(isRight);
        const enrolment = { id: newOrder(), ...session };
        enrolled.set(person, [...(enrolled.get(person) ?? []), enrolment]);
        return [201, { enrolment: enrolment.id }];
      },
      'GET /people': ({ name }) => [200, { enrolments: enrolled.get(name) ?? [] }],
    });
  },
  finding: 'double-booking',
  says: /person (ann|bob)/,
};
