export { inventoriesForAll, orTellAll, refuseOnAll } from './agree.ts';
export { throughHost } from './ask-host.ts';
export { createGuestHub, createMachinesHub } from './hub.ts';
export { joinMachines, type Machines } from './join.ts';
export { joinTeam, type Team } from './team.ts';
