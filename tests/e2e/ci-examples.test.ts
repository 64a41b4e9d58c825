import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../support/artillery.ts';
import { temporaryFolder } from '../support/fixtures.ts';

type Variables = Readonly<Record<string, string>>;

interface Job {
  readonly variables: Variables;
  /** The commands of each step; a step that fails ends the job. */
  readonly steps: readonly string[];
  /** What is kept, below the workspace. */
  readonly artefacts: string;
}

const page = fs.readFileSync(path.join(root, 'docs/ci.md'), 'utf8');
/** The example below a heading of docs/ci.md, as a reader copies it. */
const printed = (heading: string): string =>
  new RegExp(`^## ${heading}$.*?^\`\`\`\\w+\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1] ?? '';

/** What GitHub does with the workflow: it checks the repository out, and runs the steps of its action. */
function githubJob(): Job {
  const { jobs } = parse(printed('GitHub Actions')) as {
    readonly jobs: { readonly race: { readonly steps: readonly Step[] } };
  };
  const [checkout, race] = jobs.race.steps;
  expect(race?.uses).toBe(`./${checkout?.with?.path}`);
  const { runs } = parse(fs.readFileSync(path.join(root, 'action.yml'), 'utf8')) as {
    readonly runs: { readonly steps: readonly Step[] };
  };
  const commands = runs.steps.flatMap(({ run }) => run ?? []);
  const upload = runs.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
  expect(upload?.with?.path).toBe('${{ steps.race.outputs.folder }}');
  // The value of an expression, for the first command; the second has the exit code that the first has written.
  const variables = { ...race?.env, RACE_ENVIRONMENT: race?.with?.environment ?? '', RACE_SUITE: '' };
  const last = `EXIT_CODE=$(sed -n 's/^exit-code=//p' "$GITHUB_OUTPUT"); ${commands[1]}`;
  return { variables, steps: [commands[0] ?? '', last], artefacts: 'runner/order-race-*' };
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Variables;
  readonly env?: Variables;
}

function gitlabJob(): Job {
  const { 'order-race': job } = parse(printed('GitLab')) as {
    readonly 'order-race': {
      readonly variables: Variables;
      readonly script: readonly string[];
      readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
    };
  };
  expect(job.artifacts.reports.junit).toBe(`${job.artifacts.paths[0]}*.junit.xml`);
  return { variables: job.variables, steps: job.script, artefacts: job.artifacts.paths[0] ?? '' };
}

function jenkinsJob(): Job {
  const pipeline = printed('Jenkins');
  const variables = [...pipeline.matchAll(/^ {4}(\w+) = (?:'(.*?)'|"(.*?)"|credentials\('.*?'\))/gm)];
  const steps = [...pipeline.matchAll(/^ +sh '(.*)'$/gm)];
  const kept = /archiveArtifacts artifacts: '(.*?)\*'/.exec(pipeline)?.[1] ?? '';
  expect(pipeline).toContain(`junit testResults: '${kept}*.junit.xml'`);
  return {
    variables: Object.fromEntries(variables.map(([, name, literal, text]) => [name, literal ?? text ?? ''])),
    steps: steps.map(([, command = '']) => command),
    artefacts: kept,
  };
}

/** In place of a download: the clone is this repository, and its commit is the one that is tested. */
const GIT = `#!/bin/sh
case "$1" in
  clone) ln -s "$2" "$3" ;;
  -C) [ "$3 $4" = "checkout --detach" ] && echo "$5" | grep -qE '^[0-9a-f]{40}$' ;;
  *) exit 1 ;;
esac
`;

/** Runs the steps of a job against an API. @returns its exit code, and the names of the files that it keeps */
async function run({ variables, steps, artefacts }: Job, target: Api) {
  const workspace = temporaryFolder('ci-');
  const bin = path.join(workspace, 'bin');
  for (const folder of [bin, path.join(workspace, 'runner')]) fs.mkdirSync(folder);
  fs.writeFileSync(path.join(bin, 'git'), GIT, { mode: 0o755 });
  if (artefacts.startsWith('runner/')) fs.symlinkSync(root, path.join(workspace, 'order-race-test'));
  const filled = Object.entries(variables).map(([name, value]) => [
    name,
    value.replace(/\$CI_PROJECT_DIR|\$\{WORKSPACE\}/, workspace),
  ]);
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ORDER_'))),
    ...Object.fromEntries(filled),
    CI: 'true',
    PATH: `${bin}:${process.env.PATH}`,
    GITHUB_ACTION_PATH: path.join(workspace, 'order-race-test'),
    GITHUB_OUTPUT: path.join(workspace, 'outputs'),
    RUNNER_TEMP: path.join(workspace, 'runner'),
    ORDER_RACE_REPOSITORY: root,
    ORDER_VUS: '20',
    ORDER_BASE_URL: target.url,
    ORDER_TOKEN: target.token,
  };
  const child = spawn('bash', ['-c', `set -eo pipefail\n${steps.join('\n')}`], {
    cwd: workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const files = fs.globSync(`${artefacts.replace(/\/$/, '')}/*`, { cwd: workspace }).map((file) => path.basename(file));
  return { code, output: output + errors, files };
}

interface Api {
  readonly url: string;
  readonly token: string;
}

/** Starts the reference API with these seats, and signs in. */
async function startApi(lock: string, seats: string): Promise<Api & { stop(): void }> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    path.join(root, 'reference-api/main.ts'),
    '--until-stdin-ends',
  ];
  const child = spawn(process.execPath, [...args, '--lock', lock, '--seats', seats], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { url } = JSON.parse(String(line)) as { readonly url: string };
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: 'demo-client',
    client_secret: 'demo-client-secret',
    username: 'demo',
    password: 'demo-password',
  });
  const answer = await fetch(new URL('/oauth/token', url), { method: 'POST', body });
  const { access_token: token } = (await answer.json()) as { readonly access_token: string };
  return { url, token, stop: () => void child.kill() };
}

describe.each([
  ['GitHub Actions', githubJob],
  ['GitLab', gitlabJob],
  ['Jenkins', jenkinsJob],
])('the example for %s, as printed', (_, jobOf) => {
  it.each([
    ['passes, and keeps every report, if each seat is sold once', 'unique', 0, 'pass'],
    ['fails, and keeps every report, if a seat is sold twice', 'none', 3, 'fail'],
  ])('%s', async (_what, lock, exitCode, verdict) => {
    const job = jobOf();
    const api = await startApi(lock, job.variables.ORDER_SEAT_IDS ?? '');
    try {
      const { code, output, files } = await run(job, api);
      expect(code, output).toBe(exitCode);
      const endings = files.map((name) => name.replace(/^order_race_all_seats_dev_\d{8}_\d{6}/, ''));
      expect(endings.toSorted()).toEqual(['.history.jsonl', '.html', '.junit.xml', '.md', '.verdict.json']);
      expect(output).toContain(`${verdict.toUpperCase()} (exit code ${exitCode})`);
      expect(output).not.toContain(api.token);
    } finally {
      api.stop();
    }
  });
});
