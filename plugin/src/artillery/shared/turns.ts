import { BroadcastChannel } from 'node:worker_threads';
import type { SourcedInventory } from '../../config/index.ts';
import type { RunContext } from './run-context.ts';

/**
 * Where rounds repeat, all contenders go through the loop over `$inventories` in step: a turn of the loop is one visit to one
 * inventory, and the launcher says which one comes next, once it has judged the one before.
 */
export interface Turn {
  /** From 1. */
  readonly number: number;
  readonly inventory: SourcedInventory;
  /** How often the inventory was visited, this time included. */
  readonly visit: number;
  /** Which inventory of its pass this is, from 1, how many the pass has, and how many turns came before the pass. */
  readonly index: number;
  readonly size: number;
  readonly before: number;
}

/** A worker asks what comes next. All its contenders are through with the turn before. */
export interface TurnQuestion {
  readonly kind: 'what is turn';
  readonly number: number;
}

/** The launcher says it. Without a turn, the race is over. */
export interface TurnAnswer {
  readonly kind: 'turn is';
  readonly number: number;
  readonly turn?: Turn;
}

/** Takes questions from workers to the launcher, and answers back. */
export const turnChannel = ({ runId }: Pick<RunContext, 'runId'>) =>
  new BroadcastChannel(`artillery-plugin-race:${runId}:turns`);

/** Where contenders meet before a turn. */
export const turnPoint = (number: number): string => `${TURN}${number}`;
export const isTurnPoint = (point: string): boolean => point.startsWith(TURN);
const TURN = 'turn ';

/**
 * The number of a round.
 *
 * @param nth which raced request of the turn this is, from 1
 * @param races how many raced requests a turn has at most
 */
export const roundOfTurn = ({ index, size, before }: Turn, nth: number, races: number): number =>
  races * before + (nth - 1) * size + index;
