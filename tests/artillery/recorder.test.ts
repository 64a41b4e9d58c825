import { describe, expect, it, vi } from 'vitest';
import type { Attempt, HistoryRecord } from '../../model/index.ts';
import { attemptMetrics } from '../../plugin/src/artillery/worker/metrics.ts';
import { createRecorder, type Recorder } from '../../plugin/src/artillery/worker/recorder.ts';
import { createBlotter } from '../../plugin/src/recording/index.ts';
import { ok, round } from '../support/histories.ts';

const metrics = { emit: () => {} };
const blotter = createBlotter();
const [one, two] = round(1, 'A', [ok(), ok()]) as [Attempt, Attempt];

function recorderWith(append: (records: readonly HistoryRecord[]) => void = () => {}) {
  const writer = { append: vi.fn(append), close: vi.fn() };
  const lost = vi.fn();
  const written = () => writer.append.mock.calls.map(([records]) => records.map(({ type }) => type).join(' '));
  return { recorder: createRecorder(writer, blotter, attemptMetrics(true), lost), writer, written, lost };
}

/** Tells the recorder of an attempt that ended with an answer of so many bytes. */
const end = (recorder: Recorder, attempt: Attempt, bodyBytes = 10, read = () => attempt) =>
  recorder.ended(attempt.vu, read, metrics, bodyBytes);

describe('the recorder of a worker', () => {
  it('writes nothing while a request is in flight, and then all at once', () => {
    const { recorder, written } = recorderWith();
    recorder.released(one.vu);
    recorder.released(two.vu);
    end(recorder, one);
    recorder.problem({ reason: 'refused' });
    expect(written()).toEqual([]);
    end(recorder, two);
    expect(written()).toEqual(['attempt problem attempt']);
  });

  it('reads no answer while a request is in flight, unless the answers would fill the memory', () => {
    const { recorder, written } = recorderWith();
    const read = vi.fn(() => one);
    recorder.released(two.vu);
    end(recorder, one, 100, read);
    expect(read).not.toHaveBeenCalled();
    end(recorder, one, 128 << 20, read);
    expect(read).toHaveBeenCalledTimes(2);
    end(recorder, one, 100, read);
    end(recorder, two);
    expect(read).toHaveBeenCalledTimes(3);
    expect(written()).toEqual(['attempt attempt', 'attempt attempt']);
  });

  it('writes the same problem once, and once for each virtual user', () => {
    const { recorder, writer } = recorderWith();
    const all = [{ reason: 'a' }, { reason: 'b' }, { reason: 'b', vu: 1 }, { reason: 'b', vu: 2 }];
    for (const problem of [...all, ...all]) recorder.problem(problem);
    expect(writer.append.mock.calls).toEqual(all.map((problem) => [[{ type: 'problem', ...problem }]]));
  });

  it('blots secrets out of a problem, and cuts it', () => {
    const { recorder, writer } = recorderWith();
    blotter.learn(blotter.find.inValues({ password: 'hunter2222', headers: { authorization: 'Bearer secret-1234' } }));
    const long = 'x'.repeat(1000);
    recorder.problem({ reason: `no: hunter2222, secret-1234 ${long}`, answer: `401 not hunter2222 ${long}` });
    expect(writer.append.mock.calls).toEqual([
      [[{ type: 'problem', reason: `no: ***, *** ${long.slice(513)}`, answer: `401 not *** ${long.slice(812)}` }]],
    ]);
  });

  it('writes an attempt that a function reads when it is read, and waits for it at the end', async () => {
    const { recorder, writer, written } = recorderWith();
    const late = Promise.withResolvers<Attempt>();
    recorder.ended(one.vu, () => late.promise, metrics, 10);
    end(recorder, two);
    expect(written()).toEqual(['', 'attempt']);
    const closed = recorder.close();
    expect(writer.close).not.toHaveBeenCalled();
    late.resolve(one);
    await closed;
    expect(written().filter((types) => types !== '')).toEqual(['attempt', 'attempt']);
    expect(writer.close).toHaveBeenCalledOnce();
  });

  it('writes the rest when it is closed', () => {
    const { recorder, writer, written } = recorderWith();
    recorder.released(two.vu);
    end(recorder, one);
    recorder.close();
    expect(written()).toEqual(['attempt']);
    expect(writer.close).toHaveBeenCalledOnce();
  });

  it('tells when records are lost, and goes on', () => {
    const full = new Error('ENOSPC');
    const { recorder, lost } = recorderWith(() => {
      throw full;
    });
    end(recorder, one);
    end(recorder, two);
    expect(lost.mock.calls).toEqual([[full], [full]]);
  });
});
