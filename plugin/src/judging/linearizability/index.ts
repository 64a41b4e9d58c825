export { explain, type Operation } from './search.ts';
export { type Lease, momentsOf, type Seat, type SeatOperation, seatModel } from './seat.ts';
export { type Contradiction, shrink } from './witness.ts';
