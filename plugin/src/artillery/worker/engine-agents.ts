import http from 'node:http';
import { closeIdleOf } from '../../gate/index.ts';

/** The agents of Artillery's engine, with the connections of the requests that do not race. */
export class EngineAgents {
  /** How many virtual users have each: with `http.pool`, all of them have the same. */
  readonly #users = new Map<http.Agent, number>();

  /** A virtual user with these agents begins. */
  add(agents: readonly unknown[]): void {
    for (const agent of agents)
      if (agent instanceof http.Agent) this.#users.set(agent, (this.#users.get(agent) ?? 0) + 1);
  }

  /** It ends. */
  remove(agents: readonly unknown[]): void {
    for (const agent of agents) {
      if (!(agent instanceof http.Agent)) continue;
      const users = (this.#users.get(agent) ?? 1) - 1;
      if (users > 0) this.#users.set(agent, users);
      else this.#users.delete(agent);
    }
  }

  /** Closes connections that no request uses. Returns how many there were. */
  closeIdle(): number {
    let closed = 0;
    for (const agent of this.#users.keys()) closed += closeIdleOf(agent);
    return closed;
  }
}
