import { test } from "uvu";
import { compareExtreme } from "./extreme";

test("3 x 2,000 networks with weights from 1e-308 to 1e308: counted as in rational arithmetic, or refused", () => {
  compareExtreme(60, 2000);
});

test.run();
