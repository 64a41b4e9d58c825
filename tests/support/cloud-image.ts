import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './artillery.ts';
import { temporaryFolder } from './fixtures.ts';

/** A container as Artillery makes it. */
export interface Image {
  /** Its Artillery, which has no plugin of ours beside it. */
  readonly artillery: string;
  /** The modules beside the script, where npm has installed the packed plugin. */
  readonly modules: string;
}

/** Builds the image: a copy of Artillery, and the packed plugin beside the script. What both depend on is linked. */
export function buildImage(): Image {
  const folder = temporaryFolder('image-');
  const all = path.join(root, 'node_modules');
  const own = path.join(folder, 'artillery/node_modules');
  const modules = path.join(folder, 'script/node_modules');
  for (const name of fs.readdirSync(all).filter((one) => !one.startsWith('.'))) {
    if (name === 'artillery' || name === 'artillery-plugin-race') continue;
    link(path.join(all, name), path.join(own, name));
  }
  fs.cpSync(path.join(all, 'artillery'), path.join(own, 'artillery'), { recursive: true });

  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const tarball = execFileSync('npm', args, { cwd: path.join(root, 'plugin'), encoding: 'utf8' }).trim();
  const plugin = path.join(modules, 'artillery-plugin-race');
  fs.mkdirSync(plugin, { recursive: true });
  execFileSync('tar', ['-xzf', path.join(folder, tarball), '-C', plugin, '--strip-components=1']);
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(plugin, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) link(path.join(all, name), path.join(modules, name));
  return { artillery: path.join(own, 'artillery'), modules };
}

function link(target: string, from: string): void {
  fs.mkdirSync(path.dirname(from), { recursive: true });
  fs.symlinkSync(target, from);
}

/** The variables that Artillery sets on a machine of each of its platforms, less its own message queue. */
export const PLATFORMS = {
  // artillery/lib/platform/aws-ecs/worker/loadgen-worker, run_a9
  Fargate: ({ modules, artillery }: Image, machine: number) => ({
    ...inContainer(modules, artillery, machine),
    IS_LEADER: `${machine === 1}`,
    SQS_QUEUE_URL: 'https://sqs.example/queue',
    SQS_REGION: 'eu-west-1',
  }),
  // artillery/lib/platform/aws-lambda/lambda-handler, execArtillery
  Lambda: ({ modules, artillery }: Image, machine: number) => ({
    ...common(machine),
    AWS_LAMBDA_FUNCTION_NAME: 'artilleryio-race',
    ARTILLERY_PLUGINS: '{}',
    ARTILLERY_PLUGIN_PATH: `${modules}:${legacyPlugins(artillery)}`,
    NODE_PATH: [path.dirname(artillery), modules].join(':'),
    SQS_QUEUE_URL: 'https://sqs.example/queue',
  }),
  // The same container as on Fargate, with other variables: artillery/lib/platform/az/aci.ts
  ACI: ({ modules, artillery }: Image, machine: number) => ({
    ...inContainer(modules, artillery, machine),
    IS_LEADER: `${machine === 1}`,
    AQS_QUEUE_NAME: 'artilleryio',
    AZURE_STORAGE_QUEUE_URL: 'https://queue.example/artilleryio',
  }),
} as const;

const legacyPlugins = (artillery: string) => path.join(artillery, 'dist/lib/platform/aws-ecs/legacy/plugins');

const common = (machine: number) => ({ WORKER_ID: `worker-${machine}`, ARTILLERY_DISABLE_ENSURE: 'true' });

const inContainer = (modules: string, artillery: string, machine: number) => ({
  ...common(machine),
  ARTILLERY_PLUGINS: '{"inspect-script":{}}',
  ARTILLERY_PLUGIN_PATH: `:${legacyPlugins(artillery)}`,
  NODE_PATH: `${modules}:`,
  NODE_OPTIONS: '--max-http-header-size=32768 --max-old-space-size=1024',
});
