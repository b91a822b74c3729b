import { test } from "uvu";
import { compareBlocks } from "./blocks";

test("5,000 networks of leaky, residual, convolution and pooling blocks: every engine equals rational arithmetic", () => {
  compareBlocks(1000, 5000);
});

test.run();
