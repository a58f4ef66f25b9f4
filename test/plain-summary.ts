/** A reporter for CI: closes the run with one plain line, `N passed, N failed, N skipped`. */
import type { Reporter, TestModule } from 'vitest/node';

/** Counts tests as vitest ended them; a file that does not load, or an error outside any test, counts as one failed. */
export default class PlainSummary implements Reporter {
  onTestRunEnd(files: readonly TestModule[], strayErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: strayErrors.length, skipped: 0, pending: 0 };
    for (const file of files) {
      count.failed += file.errors().length;
      for (const test of file.children.allTests()) count[test.result().state] += 1;
    }
    process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped + count.pending} skipped\n`);
  }
}
