import type { History } from '../../../../../model/index.ts';
import type { HistoryWriter } from '../../../recording/index.ts';
import type { RunContext } from '../../shared/run-context.ts';
import type { OutputFiles } from '../output-files.ts';
import { createFinish, gather } from './gather.ts';
import type { Machines } from './join.ts';
import { historyOfAll } from './judge-together.ts';
import { stopAfterLoss } from './losses.ts';
import { shareAnswers } from './share-answers.ts';
import { shareHistory } from './share-history.ts';

/** What the launcher does with the other machines between its start and its verdict. */
export interface Team {
  /**
   * Resolves once the contenders of every machine are through, or lost. On a guest, the host has also asked the server then:
   * that may take long, and here a signal can still end the wait.
   */
  allThrough(): Promise<void>;
  /** On the host: the server was asked. */
  asked(): void;
  /** This machine does not go on: the others need not wait until it is silent for too long. */
  leave(): void;
  /** The history of the whole run. Blocks this thread; to be called once, after the last line was written. */
  history(): History;
}

interface RunOnMachine {
  readonly run: RunContext;
  readonly files: OutputFiles;
  readonly history: HistoryWriter;
}

export function joinTeam(machines: Machines, { run, files, history }: RunOnMachine): Team {
  const shared = shareHistory(machines, files.history, history);
  const losses = stopAfterLoss(machines, run, history);
  const answers = shareAnswers(machines, run, history);
  const finish = createFinish(machines);
  void gather(machines);
  let isThrough = false;
  const leave = () => machines.tellAll({ type: 'lost', lost: { kind: 'machine', machine: machines.machine } });
  return {
    async allThrough() {
      await shared.clocks();
      await finish.allThrough();
      isThrough = true;
    },
    asked() {
      if (machines.isHost) machines.tellAll({ type: 'all through' });
    },
    leave,
    history() {
      if (!isThrough) leave();
      shared.look();
      shared.close();
      losses.close();
      answers.close();
      return historyOfAll(machines, files.history);
    },
  };
}
