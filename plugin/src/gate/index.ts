export { type Exchange, type Failure, type Holder, type OutgoingRequest, type Reply, UNHELD } from './exchange.ts';
export { createGate, type Gate, type Lane, TRANSPORT_ERROR_HEADER, TRANSPORT_ERROR_STATUS } from './gate.ts';
export { type Connection, openHttp1 } from './http1.ts';
