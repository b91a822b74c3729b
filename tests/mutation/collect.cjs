// Stands in for uvu: keeps a file's tests, for the process to run one by one.
let suite = { before: [], tests: [] };

function test(name, run) {
  suite.tests.push({ name, run });
}
test.before = (hook) => void suite.before.push(hook);
test.run = () => undefined;

module.exports = {
  test,
  /** What the file that was loaded last has collected. */
  take() {
    const taken = suite;
    suite = { before: [], tests: [] };
    return taken;
  },
};
