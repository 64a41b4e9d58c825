export type { CommonPlan } from './join.ts';
export { type Meeting, type MeetingEvents, openMeeting } from './meeting.ts';
export type { Answers, Lost, MachineLines, MeetOptions, SharedKey } from './messages.ts';
