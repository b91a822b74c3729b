export { meanSquareToSawtooth } from "./mean-square-to-sawtooth";
export { groupRows, successRate, summary, type Rate, type Summary } from "./statistics";
