/** Artillery asks every one or two seconds whether the virtual users are done; here it asks fifty times a second. */
const POLL_MS = 20;
const POLLS = /checkIfDone|handleAllWorkersFinished/;

export function pollQuickly(): void {
  const { setInterval: start } = globalThis;
  globalThis.setInterval = ((callback: () => void, ms?: number) =>
    start(callback, POLLS.test(String(callback)) ? POLL_MS : ms)) as typeof setInterval;
}
