// node tools/test-counts.mjs REPORT EXIT_CODE
//
// Prints "PASSED FAILED" for a JSON report of Vitest. Failures outside of tests count as well: a file that cannot be loaded, a
// missing report, a run without tests, or an exit code that the report does not explain.

import { readFileSync } from 'node:fs';

const [report, exitCode] = process.argv.slice(2);
const { passed, failed } = counts(report);
const unexplained = failed === 0 && (passed === 0 || exitCode !== '0') ? 1 : 0;
console.log(passed, failed + unexplained);

function counts(file) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const isBroken = ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((result) => result.status !== 'failed');
    return { passed: numPassedTests, failed: numFailedTests + testResults.filter(isBroken).length };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
