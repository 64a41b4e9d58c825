/** Artillery looks every one or two seconds whether the virtual users are done. Here it looks fifty times a second. */
const POLL_MS = 20;
const POLLS = /checkIfDone|handleAllWorkersFinished/;

export function pollQuickly(): void {
  const { setInterval: start } = globalThis;
  globalThis.setInterval = ((callback: () => void, ms?: number) =>
    start(callback, POLLS.test(String(callback)) ? POLL_MS : ms)) as typeof setInterval;
}
