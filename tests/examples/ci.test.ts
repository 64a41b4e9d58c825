import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/index';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { VARIABLES } from '../../cli/options.ts';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string) => fs.readFileSync(path.join(root, name), 'utf8');
const EXAMPLES = { 'github-actions.yml': 'yaml', 'gitlab-ci.yml': 'yaml', Jenkinsfile: 'groovy' } as const;

/** The errors of GitHub's own parser: unknown keys, values of the wrong type, bad expressions. */
function problemsOf(parser: typeof parseWorkflow, content: string): string[] {
  return parser({ name: 'file.yml', content }, new NoOperationTraceWriter())
    .context.errors.getErrors()
    .map(({ message }) => message);
}

const RELEASE = '.github/workflows/release.yml';
const WORKFLOWS = ['examples/ci/github-actions.yml', 'examples/machines/github-matrix.yml'];

test.each(['action.yml', RELEASE, ...WORKFLOWS])('%s names every action by its commit', (file) => {
  const used = [...read(file).matchAll(/uses: (?!\.\/)(\S+)/g)].map(([, action]) => action);
  expect(used.length).toBeGreaterThan(0);
  for (const action of used) expect(action).toMatch(/@[0-9a-f]{40}$/);
});

test.each(WORKFLOWS)('%s checks this repository out at a commit, and uses it from there', (file) => {
  const steps = Object.values((parse(read(file)) as { jobs: Record<string, { steps: Step[] }> }).jobs)[0]?.steps ?? [];
  const ours = steps.find((step) => step.with?.repository?.endsWith('/order-race-test'));
  expect(ours?.with?.ref).toMatch(/^[0-9a-f]{40}$/);
  expect(steps.at(-1)?.uses).toBe(`./${ours?.with?.path}`);
});

describe.each(Object.entries(EXAMPLES))('the example for CI: %s', (name, language) => {
  test('is the one in docs/ci.md', () => {
    expect(read('docs/ci.md')).toContain(`\`\`\`${language}\n${read(`examples/ci/${name}`)}\`\`\`\n`);
  });

  test('has no token in the file, and sets only variables that the script knows', () => {
    const text = read(`examples/ci/${name}`);
    const known = Object.keys(VARIABLES);
    for (const [variable] of text.matchAll(/\bORDER_(?!RACE_REPOSITORY)\w+/g)) expect(known).toContain(variable);
    for (const id of ['ORDER_EVENT_ID', 'ORDER_SESSION_ID', 'ORDER_ORGANIZATION_ID']) expect(text).toContain(id);
    expect(text).not.toMatch(/ORDER_TOKEN\s*[:=]\s*["']?(?!\$\{\{ secrets\.|credentials\()\w/);
  });
});

describe('GitHub Actions', () => {
  test.each([RELEASE, ...WORKFLOWS])('accepts the workflow %s', (file) => {
    expect(problemsOf(parseWorkflow, read(file))).toEqual([]);
  });

  test('accepts the action', () => {
    expect(problemsOf(parseAction, read('action.yml'))).toEqual([]);
  });

  test.each([
    ['an unknown key', read('examples/ci/github-actions.yml').replace('runs-on', 'run-on')],
    ['a broken expression', read('examples/ci/github-actions.yml').replace('secrets.ORDER_TOKEN', 'secrets.')],
  ])('does not accept %s', (_, workflow) => {
    expect(problemsOf(parseWorkflow, workflow)).not.toEqual([]);
  });

  test('passes only inputs that the action has, and the others have a default', () => {
    const { inputs } = parse(read('action.yml')) as { inputs: Record<string, { default?: string }> };
    const { jobs } = parse(read('examples/ci/github-actions.yml')) as { jobs: { race: { steps: Step[] } } };
    for (const name of Object.keys(jobs.race.steps.at(-1)?.with ?? {})) expect(Object.keys(inputs)).toContain(name);
    for (const input of Object.values(inputs)) expect(input.default).toBeTypeOf('string');
  });
});

test('a release is published with its provenance, when a person pushes the tag of a version', () => {
  const { on, jobs } = parse(read(RELEASE)) as {
    readonly on: object;
    readonly jobs: {
      readonly publish: { readonly permissions: object; readonly steps: readonly { readonly run?: string }[] };
    };
  };
  expect(on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
  expect(jobs.publish.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  const commands = jobs.publish.steps.flatMap(({ run }) => run ?? []);
  expect(commands.at(-1)).toBe('npm publish --workspace plugin --provenance --access public');
  // The tag names the version that is published, or nothing is.
  const [check = ''] = commands;
  const { version } = JSON.parse(read('plugin/package.json')) as { readonly version: string };
  const codeFor = (tag: string) =>
    spawnSync('bash', ['-c', check], { cwd: root, env: { ...process.env, GITHUB_REF_NAME: tag } }).status;
  expect(codeFor(`v${version}`)).toBe(0);
  expect(codeFor('v99.0.0')).not.toBe(0);
});

// The keys are from GitLab's reference of the CI/CD YAML syntax.
test('GitLab CI knows every key of the example', () => {
  const file = parse(read('examples/ci/gitlab-ci.yml')) as Record<string, Record<string, unknown>>;
  const job = file['order-race'] ?? {};
  const keys = ['image', 'timeout', 'variables', 'script', 'allow_failure', 'artifacts'];
  expect(Object.keys(file)).toEqual(['order-race']);
  expect(Object.keys(job).toSorted()).toEqual(keys.toSorted());
  expect(job.script).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
  expect(job.artifacts).toEqual({
    when: 'always',
    expire_in: '30 days',
    paths: ['output/'],
    reports: { junit: 'output/*.junit.xml' },
  });
});

test('the Jenkinsfile is a declarative pipeline: its blocks are balanced, and each stands in the right parent', () => {
  const blocks: string[] = [];
  const paths: string[] = [];
  const text = read('examples/ci/Jenkinsfile').replace(/\/\/.*|"[^"]*"/g, '');
  for (const [, name = '', brace] of text.matchAll(/(\w+)?(?:\([^)]*\))?\s*([{}])/g)) {
    if (brace === '{') paths.push([...blocks, name].join('/'));
    if (brace === '{') blocks.push(name);
    else blocks.pop();
  }
  expect(blocks).toEqual([]);
  expect(paths).toEqual([
    'pipeline',
    'pipeline/agent',
    'pipeline/agent/docker',
    'pipeline/options',
    'pipeline/environment',
    'pipeline/stages',
    'pipeline/stages/stage',
    'pipeline/stages/stage/steps',
    'pipeline/post',
    'pipeline/post/always',
  ]);
});
