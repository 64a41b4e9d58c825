import * as z from 'zod';

const HOUR_MS = 3_600_000;

/** A time in milliseconds, up to an hour: a longer one is a mistake in the unit. */
export const milliseconds = z.number().min(0).max(HOUR_MS);
