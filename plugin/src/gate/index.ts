export { type Exchange, type Holder, type OutgoingRequest, UNHELD } from './exchange.ts';
export { createGate, type Gate, type Lane, TRANSPORT_ERROR_HEADER } from './gate.ts';
export { type Connection, openHttp1 } from './http1.ts';
