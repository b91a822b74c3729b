export { interruptible } from "./interrupt";
export { requestedWorkers } from "./requested";
export { threadCount } from "./count";
export { withTeam, type Team } from "./team";
