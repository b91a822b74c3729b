// uvu's assertions, each of which ends its test once the test has used its time: a test over hundreds of networks then looks
// at the first of them. Without that, every survivor would cost all tests that reach it, from beginning to end.
const process = require("node:process");
const assert = require("uvu/assert");

const clock = { until: Infinity, ended: false };

function seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const copies = new Map(); // `not.ok` is `not` itself

function watch(check) {
  if (copies.has(check)) return copies.get(check);
  const watched = (...values) => {
    check(...values);
    if (clock.ended || seconds() > clock.until) {
      clock.ended = true;
      throw new Error("the test has used its time");
    }
  };
  copies.set(check, watched);
  // `is` and `not` carry more assertions: is.not, not.ok.
  for (const [name, inner] of Object.entries(check)) watched[name] = watch(inner);
  return watched;
}

const watched = Object.fromEntries(
  Object.entries(assert).map(([name, check]) => [name, name === "Assertion" ? check : watch(check)]),
);

/** Gives the next test so many seconds of the processor. */
watched.allow = (limit) => Object.assign(clock, { until: seconds() + limit, ended: false });
/** Whether the test was ended early: then it has found nothing. */
watched.hasEnded = () => clock.ended;

module.exports = watched;
