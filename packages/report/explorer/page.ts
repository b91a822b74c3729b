// The explorer's page: each of its three parts has a worker of its own.
import { tellTrouble } from "./controls/elements";
import { startPlane } from "./plane/part";
import { startSawtooth } from "./sawtooth/part";
import { startTraining } from "./training/part";
import { WorkerClient } from "./worker-client";

const program = document.getElementById("explorer-worker")?.textContent ?? "";
for (const start of [startSawtooth, startTraining, startPlane]) start(new WorkerClient(program));

addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  tellTrouble(event.reason);
});
