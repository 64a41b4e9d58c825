import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { isMapping } from '../../model/json.ts';
import { ConfigError, parseJudgingBlock, parseYaml, resolveRun } from '../../plugin/src/config/index.ts';
import { wrongDocument } from '../support/wrong-documents.ts';
import { fuzz } from './support/fuzz.ts';
import { expectTold, HOSTILE } from './support/harmless.ts';
import { mutatedText } from './support/mutated.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const suites = ['scenarios', 'examples/races'].flatMap((folder) =>
  fs
    .readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => fs.readFileSync(path.join(ROOT, folder, name), 'utf8')),
);
const TOKENS = [
  '\n',
  '  ',
  '\t',
  ': ',
  '- ',
  '? ',
  '&a ',
  '*a',
  '<<: *a',
  '<<: ',
  '|',
  '>-',
  '!!binary ',
  '!!merge ',
  '!!set ',
  '!!omap ',
  '!!js/function ',
  '---\n',
  '...',
  '%YAML 9.9\n',
  '[',
  '{',
  '{a: ',
  '*a, ',
  '"',
  "'",
  '#',
  'null',
  '-1',
  '1e400',
  '0x7fffffffffffffff',
  '2026-13-45',
  '__proto__: ',
  'constructor: ',
  '{{ $env.X }}',
  '/(a+)+$/',
  ...HOSTILE,
];
const text = fc.oneof(
  mutatedText(suites, TOKENS),
  fc.constantFrom(...suites).chain((suite) =>
    // JSON is YAML as well.
    wrongDocument(parseYaml(suite, 'suite.yml')).map((wrong) => JSON.stringify(wrong) ?? ''),
  ),
);

const told = (attempt: () => void): void => {
  try {
    attempt();
  } catch (error) {
    expectTold(error, ConfigError);
  }
};

const SOURCE = { environment: 'demo', folder: ROOT, env: {} };

fuzz('a suite is read, or each mistake in it is told', text, (suite) =>
  told(() => {
    const script = parseYaml(suite, 'suite.yml');
    told(() => parseJudgingBlock(script, SOURCE));
    // As a run reads it, up to where it would begin.
    resolveRun({ config: isMapping(script) ? script.config : script, environment: undefined, env: {} });
  }),
);
