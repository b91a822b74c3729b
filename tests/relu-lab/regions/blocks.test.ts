import { test } from "uvu";
import { compareBlocks } from "./blocks";

test("280 networks of leaky, residual, convolution and pooling blocks: every engine equals rational arithmetic", () => {
  compareBlocks(0, 280);
});

test.run();
