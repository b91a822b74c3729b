export { interruptible } from "./interrupt";
export { requestedWorkers } from "./requested";
export { hasThreads, threadCount } from "./count";
export { withTeam, type Team } from "./team";
