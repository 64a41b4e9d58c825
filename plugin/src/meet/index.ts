export type { CommonPlan } from './join.ts';
export { type Meeting, openMeeting } from './meeting.ts';
export type { LastLine, Lost, MachineLines, MeetOptions } from './messages.ts';
