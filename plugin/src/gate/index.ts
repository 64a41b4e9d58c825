export { type Connections, createConnections } from './connection.ts';
export {
  type Exchange,
  type Holder,
  type OutgoingRequest,
  type Reply,
  type SendAnother,
  UNHELD,
  withoutHeaders,
} from './exchange.ts';
export { createGate, type Gate, TICKET_HEADER } from './gate.ts';
export { warmReleasePath } from './warm-up.ts';
