import { hasStatus, MACHINE_LOST, saidIn, statusOf } from '../../../../model/index.ts';
import type { OnceLine } from '../../config/index.ts';
import { type Exchange, type OutgoingRequest, type SendAnother, UNHELD } from '../../gate/index.ts';
import { type Blotter, outcomeReader } from '../../recording/index.ts';
import type { RacedFor } from '../shared/read-back-desk.ts';
import type { RecordedProblem } from './recorder.ts';
import type { SharedAnswers } from './shared-answers.ts';

/**
 * Sends a request once for all who meet, and gives each of them the answer. Never rejects. If it may change an inventory
 * that they have gone for, that is read back first.
 *
 * @returns the exchange, and whether its answer is as the suite wants it
 */
export type SendOnce = (
  meeting: {
    readonly name: string;
    readonly line: OnceLine;
    /** What this contender has gone for since the last meeting. */
    readonly raced: readonly RacedFor[];
  },
  request: OutgoingRequest,
  send: SendAnother,
) => Promise<{ readonly exchange: Exchange; readonly isFine: boolean }>;

export interface OnceOptions {
  readonly shared: SharedAnswers;
  /** See `ReadBackDesk`. */
  readonly readBackNow: (raced: readonly RacedFor[]) => Promise<void>;
  readonly problem: (problem: RecordedProblem) => void;
  readonly maxBodyBytes: number;
  /** Nothing is sent for all any more once a machine is lost: some are not there. Default: there is only one. */
  readonly isLost?: () => boolean;
  /** Nor once the race is over: what shows a violation is not to be reset. Default: never. */
  readonly isOver?: () => boolean;
  readonly blotter: Blotter;
}

export function createOnce(options: OnceOptions): SendOnce {
  const { shared, readBackNow, problem, maxBodyBytes, isLost = () => false, isOver = () => false, blotter } = options;
  const read = outcomeReader(ANY_ANSWER, maxBodyBytes, blotter);
  return async ({ name, line, raced }, request, send) => {
    if (isLost()) return { exchange: { request, ...NOT_SENT }, isFine: false };
    const exchange = await shared.at(name, request, async () => {
      await readBackNow(raced);
      if (isOver()) return { request, ...NOT_SENT };
      const sent = await send(request, UNHELD);
      if (!isFine(line, sent)) {
        const conclusion = read(sent.reply, request);
        const answered = `was answered ${statusOf(conclusion) ?? 'nothing'}: ${saidIn(conclusion)}`;
        const step = `${request.method} ${request.path.replace(/\?.*/s, '')}`;
        problem({ reason: `once ${line.once} ${answered}`, step, setup: true });
      }
      return sent;
    });
    return { exchange, isFine: isFine(line, exchange) };
  };
}

const NOT_SENT = {
  reply: { kind: 'broken', failure: 'aborted', error: MACHINE_LOST },
  timing: { completedAtMs: 0 },
} as const;

/** What comes next may need what the answer says, so it is not fine where a part of it is lost. */
function isFine({ allow }: OnceLine, { reply }: Exchange): boolean {
  return reply.kind === 'complete' && hasStatus(['200-299', ...allow], reply.status);
}

/** Only to show what an answer says. */
const ANY_ANSWER = {
  success: { status: ['200-299'] },
  refusal: { status: ['400-499'] },
  orderId: '$.id',
  message: '$.message',
};
