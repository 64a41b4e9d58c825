import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type ArtilleryVariant, artilleryArguments, linesOfScript } from '../arms/artillery.ts';
import { type RaceRun, seatsOf } from '../arms/seats.ts';
import { findProgram } from '../find-program.ts';
import type { PeerName } from './names.ts';
import { buildGo, goVersion, hasGo, INSTALL_GO, versionOf } from './target/index.ts';

/** A tool that is installed, ready to race. */
export interface Tool {
  /** What it depends on, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** How many lines somebody has to write for the race, without comments and empty lines. */
  readonly lines: number;
  /** The commands of a run, one after the other. They also find URL, CONTENDERS and SEATS in the environment. */
  commands(url: string, run: RaceRun, dir: string): readonly (readonly string[])[];
}

/** A tool to compare with. */
export interface Peer {
  readonly title: string;
  readonly wire: 'http1' | 'http2';
  /** The line that installs it. */
  readonly install: string;
  /** @param dir for compiled programs @returns undefined when it is not installed */
  find(dir: string): Tool | undefined;
}

const root = path.resolve(import.meta.dirname, '../..');
const script = (name: string) => path.join(import.meta.dirname, 'scripts', name);
const barrier = path.join(root, 'bench/arms/barrier.mts');
/** Where `go install` puts programs. */
const GO_FOLDERS = [process.env.GOBIN ?? path.join(process.env.GOPATH ?? path.join(os.homedir(), 'go'), 'bin')];

const artillery = (title: string, variant: ArtilleryVariant, moreLines = 0): Peer => ({
  title,
  wire: variant.race?.wire === 'http2' ? 'http2' : 'http1',
  install: 'npm install',
  find: () => ({
    versions: {
      artillery: versionIn(path.join(root, 'node_modules/artillery/package.json')),
      ...(variant.race && { 'artillery-plugin-race': versionIn(path.join(root, 'plugin/package.json')) }),
    },
    lines: linesOfScript(variant) + moreLines,
    commands: (url, run, dir) => [[process.execPath, ...artilleryArguments(url, run, dir, variant)]],
  }),
});

/** The tools, by name. */
export const TOOLS: Readonly<Record<PeerName, Peer>> = {
  'ours-http1': artillery('Ours, HTTP/1.1', { race: { wire: 'http1' } }),
  'ours-http2': artillery('Ours, HTTP/2', { race: { wire: 'http2' } }),
  stock: artillery('Artillery', {}),
  hook: artillery(
    'Artillery, barrier in a hook',
    { hook: { processor: barrier, name: 'waitForAll' } },
    linesIn(barrier),
  ),
  'by-hand': {
    title: 'By hand, in Go',
    wire: 'http1',
    install: INSTALL_GO,
    find(dir) {
      if (!hasGo()) return undefined;
      const program = buildGo(script('by-hand.go'), dir);
      return {
        versions: { go: goVersion() ?? 'unknown' },
        lines: linesIn(script('by-hand.go')),
        commands: () => [[program]],
      };
    },
  },
  k6: {
    title: 'k6, `http.batch`',
    wire: 'http1',
    install: 'go install go.k6.io/k6@v1.8.1',
    find: () =>
      found('k6', GO_FOLDERS, (k6) => ({
        versions: { k6: versionOf(k6, 'version') },
        lines: linesIn(script('k6.js')),
        commands: () => [[k6, 'run', '--quiet', '--no-usage-report', script('k6.js')]],
      })),
  },
  locust: {
    title: 'Locust, barrier of gevent',
    wire: 'http1',
    install: 'pip install locust==2.47.0',
    find: () =>
      found('locust', [], (locust) => ({
        versions: { locust: versionOf(locust, '--version') },
        lines: linesIn(script('locustfile.py')),
        commands: (url, { contenders }) => [
          [
            ...[locust, '--headless', '--only-summary', '-f', script('locustfile.py'), '-H', url],
            ...['-u', `${contenders}`, '-r', `${contenders}`, '-t', '60s'],
          ],
        ],
      })),
  },
  jmeter: {
    title: 'JMeter, Synchronizing Timer',
    wire: 'http1',
    install: 'mvn -f bench/peers/scripts/jmeter/pom.xml process-resources',
    find: () => java('jmeter', 'lib/ext/ApacheJMeter_core', jmeterCommand, linesIn(script('jmeter/race.jmx'))),
  },
  gatling: {
    title: 'Gatling, `rendezVous`',
    wire: 'http1',
    install: 'mvn -f bench/peers/scripts/gatling/pom.xml process-resources',
    // The simulation is compiled, so a JRE is not enough.
    find: (dir) =>
      findProgram('javac') === undefined
        ? undefined
        : java('gatling', 'jars/gatling-core', gatlingCommand(dir), linesIn(script('gatling/Race.java'))),
  },
  hey: {
    title: 'hey',
    wire: 'http1',
    install: 'go install github.com/rakyll/hey@v0.1.5',
    find: () =>
      found('hey', GO_FOLDERS, (hey) => ({
        versions: { hey: moduleVersion(hey) },
        lines: 1,
        commands: (url, run) =>
          seatsOf(run).map((seat) => [
            ...[hey, '-n', `${run.contenders}`, '-c', `${run.contenders}`, '-m', 'POST', '-T', 'application/json'],
            ...['-d', JSON.stringify({ seat }), `${url}/book/${seat}`],
          ]),
      })),
  },
};

function found(name: string, folders: readonly string[], tool: (program: string) => Tool): Tool | undefined {
  const program = findProgram(name, folders);
  return program === undefined ? undefined : tool(program);
}

type JavaCommand = (home: string, url: string, run: RaceRun, dir: string) => readonly string[];

/** A tool that Maven has put into .node/peers. */
function java(name: string, jar: string, command: JavaCommand, lines: number): Tool | undefined {
  const home = path.join(root, '.node/peers', name);
  const version = fs
    .globSync(path.join(home, `${jar}-*.jar`))
    .map((file) => /-(\d[\w.]*)\.jar$/.exec(file)?.[1])
    .find((text) => text !== undefined);
  if (version === undefined || findProgram('java') === undefined) return undefined;
  return { versions: { [name]: version }, lines, commands: (...run) => [command(home, ...run)] };
}

const jmeterCommand: JavaCommand = (home, url, run, dir) => [
  ...['java', `-Djmeter.home=${home}`, '-cp', `${home}/lib/*:${home}/lib/ext/*`, 'org.apache.jmeter.NewDriver', '-n'],
  ...['-t', script('jmeter/race.jmx'), '-l', path.join(dir, `${run.number}.jtl`), '-j', path.join(dir, 'jmeter.log')],
  ...[`-Jhost=${new URL(url).hostname}`, `-Jport=${new URL(url).port}`, `-Jcontenders=${run.contenders}`],
  ...[`-Jrounds=${run.rounds}`, `-Jprefix=r${run.number}`],
];

/** Compiles the simulation first, as its users do once. */
const gatlingCommand =
  (classes: string): JavaCommand =>
  (home, _url, run, dir) => {
    const jars = path.join(home, 'jars/*');
    if (!fs.existsSync(path.join(classes, 'Race.class')))
      execFileSync('javac', ['-cp', jars, '-d', classes, script('gatling/Race.java')], { stdio: 'pipe' });
    return [
      ...['java', '--add-opens=java.base/java.lang=ALL-UNNAMED', '-cp', `${classes}:${script('gatling')}:${jars}`],
      ...['io.gatling.app.Gatling', '-s', 'Race', '-nr', '-rf', path.join(dir, `${run.number}-gatling`)],
    ];
  };

function linesIn(file: string): number {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => !/^\s*($|\/\/|\/?\*|#|<!--|<\?xml)/.test(line)).length;
}

const versionIn = (file: string) => (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version;

/** hey does not say its version, but Go knows which one it built. */
function moduleVersion(program: string): string {
  if (goVersion() === undefined) return 'unknown';
  const built = execFileSync('go', ['version', '-m', program], { encoding: 'utf8' });
  return /^\s*mod\s+\S+\s+v(\S+)/m.exec(built)?.[1] ?? 'unknown';
}
