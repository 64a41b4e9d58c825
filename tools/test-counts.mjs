// node tools/test-counts.mjs REPORT EXIT_CODE
//
// Prints "PASSED FAILED" for a JSON report of Vitest. What failed outside any test counts too: a file that could not be
// loaded, a report that is not there, a run without tests, an exit code that nothing in the report explains.

import { readFileSync } from 'node:fs';

const [report, exitCode] = process.argv.slice(2);
const { passed, failed } = counts(report);
const unexplained = failed === 0 && (passed === 0 || exitCode !== '0') ? 1 : 0;
console.log(passed, failed + unexplained);

function counts(file) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const isBroken = ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((its) => its.status !== 'failed');
    return { passed: numPassedTests, failed: numFailedTests + testResults.filter(isBroken).length };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
