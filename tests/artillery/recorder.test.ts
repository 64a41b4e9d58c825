import { describe, expect, it, vi } from 'vitest';
import type { Attempt, HistoryRecord } from '../../model/index.ts';
import { createRecorder } from '../../plugin/src/artillery/worker/recorder.ts';
import { ok, round } from '../support/histories.ts';

const metrics = { emit: () => {} };
const [one, two] = round(1, 'A', [ok(), ok()]) as [Attempt, Attempt];

function recorderWith(append: (records: readonly HistoryRecord[]) => void = () => {}) {
  const writer = { append: vi.fn(append), close: vi.fn() };
  const lost = vi.fn();
  const written = () => writer.append.mock.calls.map(([records]) => records.map(({ type }) => type).join(' '));
  return { recorder: createRecorder(writer, lost), writer, written, lost };
}

describe('the recorder of a worker', () => {
  it('writes nothing while a request is in flight, and then all at once', () => {
    const { recorder, written } = recorderWith();
    recorder.released(one.vu);
    recorder.released(two.vu);
    recorder.ended(one, metrics);
    recorder.problem('refused');
    recorder.readBacks([{ inventory: 'A', when: 'before', kind: 'read', units: 0, orderIds: [] }]);
    expect(written()).toEqual([]);
    recorder.ended(two, metrics);
    expect(written()).toEqual(['attempt problem read-back attempt']);
  });

  it('writes the same problem once', () => {
    const { recorder, written } = recorderWith();
    for (const message of ['a', 'b', 'a']) recorder.problem(message);
    expect(written()).toEqual(['problem', 'problem']);
  });

  it('writes the rest when it is closed', () => {
    const { recorder, writer, written } = recorderWith();
    recorder.released(two.vu);
    recorder.ended(one, metrics);
    recorder.close();
    expect(written()).toEqual(['attempt']);
    expect(writer.close).toHaveBeenCalledOnce();
  });

  it('tells when records are lost, and goes on', () => {
    const full = new Error('ENOSPC');
    const { recorder, lost } = recorderWith(() => {
      throw full;
    });
    recorder.ended(one, metrics);
    recorder.ended(two, metrics);
    expect(lost.mock.calls).toEqual([[full], [full]]);
  });
});
