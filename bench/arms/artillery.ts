import fs from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { type RaceRun, seatsOf } from './seats.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What an arm adds to the script that all Artillery arms share. */
export interface ArtilleryVariant {
  /** The plugin's block. Absent: without the plugin. */
  readonly race?: Readonly<Record<string, unknown>>;
  /** A processor, and the name of the function to run before each request. */
  readonly hook?: { readonly processor: string; readonly name: string };
}

/** Writes the script of a run into a folder. @returns the arguments for Node to run Artillery on it */
export function artilleryArguments(url: string, run: RaceRun, dir: string, variant: ArtilleryVariant): string[] {
  const file = path.join(dir, `${run.number}.json`);
  fs.writeFileSync(file, JSON.stringify(scriptOf(url, run, variant)));
  return [
    ...['--import', path.join(import.meta.dirname, 'peak-memory.mjs')],
    path.join(root, 'node_modules/artillery/bin/run'),
    ...['run', '--quiet', file],
  ];
}

/** How many lines the script has as YAML, with one seat. */
export const linesOfScript = (variant: ArtilleryVariant): number =>
  stringify(scriptOf('http://localhost', { number: 1, contenders: 2, rounds: 1 }, variant))
    .trim()
    .split('\n').length;

function scriptOf(target: string, run: RaceRun, { race, hook }: ArtilleryVariant): object {
  const seats = seatsOf(run);
  return {
    config: {
      target,
      http: { timeout: 60 },
      phases: [{ duration: 1, arrivalCount: run.contenders }],
      variables: { contenders: run.contenders },
      ...(hook ? { processor: hook.processor } : {}),
      ...(race
        ? { plugins: { race: { inventories: seats, orderVariables: true, console: { quiet: true }, ...race } } }
        : {}),
    },
    scenarios: [
      {
        flow: [
          {
            loop: [
              {
                post: {
                  url: '/book/{{ $loopElement }}',
                  json: { seat: '{{ $loopElement }}' },
                  ...(hook ? { beforeRequest: hook.name } : {}),
                  ...(race ? { race: '{{ $loopElement }}' } : {}),
                },
              },
            ],
            over: seats,
          },
        ],
      },
    ],
  };
}
