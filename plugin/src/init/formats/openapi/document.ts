import { isMapping } from '../../../../../model/json.ts';
import { ConfigError } from '../../../config/index.ts';
import type { CapturedRequest, Choice } from '../../capture.ts';
import { Examples } from './example.ts';
import { type Operation, requestOf } from './operation.ts';
import { type Mapping, References } from './reference.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/**
 * Every operation of the document, as a request with example values.
 *
 * @throws ConfigError if the document has another version, or if the chosen operation is broken
 */
export function requestsIn(value: unknown, choice: Choice): CapturedRequest[] {
  const document = versionChecked(value);
  const references = new References(document);
  const examples = new Examples(references);
  return readable(
    operationsOf(document, references),
    (operation) => requestOf(operation, references, examples),
    choice,
  );
}

function versionChecked(document: unknown): Mapping {
  if (!isMapping(document)) throw new ConfigError({ path: '', problem: 'this OpenAPI document is no mapping' });
  const version = String(document.openapi ?? document.swagger ?? '');
  if (!/^3\.[01]\b/.test(version)) {
    const problem = `this is OpenAPI ${version.slice(0, 20) || 'of no version'}`;
    const fix = /^2\b/.test(version)
      ? '3.0 and 3.1 can be read; convert it first, such as with `npx swagger2openapi FILE`'
      : '3.0 and 3.1 can be read';
    throw new ConfigError({ path: '', problem, fix });
  }
  if (!isMapping(document.paths) || Object.keys(document.paths).length === 0) {
    throw new ConfigError({ path: 'paths', problem: 'this OpenAPI document has no operations' });
  }
  return document;
}

function operationsOf(document: Mapping, references: References): Operation[] {
  const paths = isMapping(document.paths) ? document.paths : {};
  return Object.entries(paths).flatMap(([path, value]) => {
    const item = references.follow(value);
    return METHODS.flatMap((method) =>
      isMapping(item[method]) ? [{ method: method.toUpperCase(), path, item, operation: item[method] }] : [],
    );
  });
}

/** The requests that can be read. A broken operation is an error only if it is the chosen one, or there is no other. */
function readable(
  operations: readonly Operation[],
  read: (operation: Operation) => CapturedRequest,
  choice: Choice,
): CapturedRequest[] {
  const broken: unknown[] = [];
  const requests = operations.flatMap((operation) => {
    try {
      return [read(operation)];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const inside = error.inside(`${operation.method} ${operation.path}`);
      if (isChosen(operation, choice)) throw inside;
      broken.push(inside);
      return [];
    }
  });
  if (requests.length === 0 && broken.length > 0) throw broken[0];
  return requests;
}

function isChosen({ method, path, operation }: Operation, choice: Choice): boolean {
  const names = [operation.operationId, `${method} ${path}`, `${method}:${path}`];
  return names.includes(choice.operation) || names.includes(choice.request);
}
