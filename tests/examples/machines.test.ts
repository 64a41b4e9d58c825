import fs from 'node:fs';
import path from 'node:path';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { VARIABLES } from '../../cli/options.ts';
import { root } from '../support/artillery.ts';

const folder = path.join(root, 'examples/machines');
const read = (file: string) => fs.readFileSync(path.join(folder, file), 'utf8');
const FILES = fs.readdirSync(folder);
const page = fs.readFileSync(path.join(root, 'docs/machines.md'), 'utf8');

describe.each(FILES)('the example for several machines: %s', (file) => {
  it('is on the page, which says how many lines it costs', () => {
    expect(page).toContain(`(../examples/machines/${file}) | ${read(file).trimEnd().split('\n').length} |`);
  });

  it('sets the number of machines and where they meet, and only variables that exist', () => {
    const variables = new Set(read(file).match(/\bORDER_\w+/g));
    expect([...variables]).toEqual(expect.arrayContaining(['ORDER_MACHINES', 'ORDER_RUN_ID', 'ORDER_MEET']));
    for (const variable of variables) expect(Object.keys(VARIABLES)).toContain(variable);
  });
});

describe('the Kubernetes job', () => {
  it('runs its pods at once, as many as machines, and none of them twice', () => {
    const { kind, apiVersion, spec } = parse(read('kubernetes-job.yml'));
    const [{ env }] = spec.template.spec.containers;
    const machines = env.find(({ name }: { name: string }) => name === 'ORDER_MACHINES');
    expect([apiVersion, kind, spec.completionMode]).toEqual(['batch/v1', 'Job', 'Indexed']);
    expect([spec.completions, spec.parallelism, machines.value]).toEqual([3, 3, '3']);
    expect([spec.backoffLimitPerIndex, spec.template.spec.restartPolicy]).toEqual([0, 'Never']);
  });
});

describe('the matrix of GitHub jobs', () => {
  const content = read('github-matrix.yml');
  const { jobs } = parse(content);

  it('is accepted by GitHub, and names every action by its commit', () => {
    const { context } = parseWorkflow({ name: 'file.yml', content }, new NoOperationTraceWriter());
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
    for (const [, action] of content.matchAll(/uses: (?!\.\/)(\S+)/g)) expect(action).toMatch(/@[0-9a-f]{40}$/);
  });

  it('has a job for each machine, lets all of them end, and gives each artifact a name of its own', () => {
    const { strategy, env, steps } = jobs.race;
    expect([strategy.matrix.machine.length, strategy['max-parallel'], env.ORDER_MACHINES]).toEqual([3, 3, '3']);
    expect(strategy['fail-fast']).toBe(false);
    const { inputs } = parse(fs.readFileSync(path.join(root, 'action.yml'), 'utf8'));
    const race = steps.at(-1);
    for (const input of Object.keys(race.with)) expect(Object.keys(inputs)).toContain(input);
    expect(race.with.artifact).toMatch(/\{\{ matrix\.machine \}\}$/);
  });
});
