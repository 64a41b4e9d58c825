import * as z from 'zod';
import type { StatusSet } from '../../../model/index.ts';
import { statuses } from './condition.ts';
import { milliseconds } from './milliseconds.ts';

/** A request that one contender sends for all: all wait, and all get its answer. */
export interface OnceLine {
  /** Where they meet: all requests that name it wait for each other. */
  readonly once: string;
  /** Statuses outside 2xx that are fine as well. */
  readonly allow: StatusSet;
}

/** A request whose answer decides the contender's attempt before it. It is sent again until it does. */
export interface SettlesLine {
  /** The key of the inventory whose attempt it decides. */
  readonly settles: string;
  readonly everyMs: number;
  readonly withinMs: number;
}

type As = (value: z.ZodType) => z.ZodType;

/** @param as see `lineWith` in `race-line.ts` */
export const onceWith = (as: As, text: z.ZodType) =>
  z.strictObject({
    once: as(text).describe('A meeting place: all wait there, one sends the request, and all get its answer'),
    allow: statuses
      .default([])
      .describe(
        'Statuses outside 2xx that are fine as well, such as `[404]`. Any other one is a doubt, and the round is not raced',
      ),
  });

export const settlesWith = (as: As, text: z.ZodType) =>
  z.strictObject({
    settles: as(text).describe(
      'The inventory of the attempt before it: the answer to this request decides that attempt',
    ),
    everyMs: as(milliseconds.min(1)).default(200).describe('How often the request is sent, in milliseconds'),
    withinMs: as(milliseconds.min(1))
      .default(10_000)
      .describe(
        'For how long, in milliseconds. If no answer decides in that time, nobody knows what became of the attempt',
      ),
  });
