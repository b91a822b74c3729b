import { workerData } from "node:worker_threads";
import { networkFromJson, type NetworkJson } from "../../network";
import { countShare, type SegmentsTask } from "./segments";

const { network, task } = workerData as { network: NetworkJson; task: SegmentsTask };
countShare(networkFromJson(network), task);
