// A worker thread for the test of the meeting: one contender, which arrives at every point that it is told, or dies.
import { parentPort, workerData } from 'node:worker_threads';
import { clockOf, joinRun } from '../../plugin/src/artillery/shared/run-context.ts';
import { joinMeeting } from '../../plugin/src/artillery/worker/join-meeting.ts';

const { vu, settings } = workerData;
const run = joinRun();
const now = clockOf(run);
const rendezvous = joinMeeting(run, settings, 2);

parentPort.on('message', (point) => {
  if (point === 'die') process.exit();
  rendezvous.arrive(point, vu, () => parentPort.postMessage({ point, atMs: now() }));
});
