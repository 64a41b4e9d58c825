export { type Connections, createConnections } from './connection.ts';
export {
  type Cookies,
  type Exchange,
  type ExchangeTiming,
  type Holder,
  type Instance,
  type OutgoingRequest,
  type Reply,
  type SendAnother,
  UNHELD,
  withoutHeaders,
} from './exchange.ts';
export { type Agents, createGate, type Gate } from './gate.ts';
export { closeIdleOf } from './http1.ts';
export { warmReleasePath } from './warm-up.ts';
