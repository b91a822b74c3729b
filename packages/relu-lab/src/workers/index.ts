export { interruptible } from "./interrupt";
export { requestedWorkers } from "./requested";
export { hasThreads, requireWorkers, threadCount } from "./count";
export { withTeam, type Team } from "./team";
export { onTeam, type Ask, type TeamWork } from "./on-team";
export { withPool, type Call } from "./pool";
