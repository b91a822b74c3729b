// The program of a worker thread: takes tasks, answers each with its share.
import { serve } from "../../workers/serve";
import { shareOf, type CellsTask } from "./task";

serve<CellsTask>((task, worker) => ({ answer: shareOf(task, worker), transfer: [] }));
