import { expect, test } from "vitest";
import { breakable } from "../../reports/plain";

test("a word longer than a column goes on in the next line; nothing is lost, and shorter ones stay whole", () => {
  expect(breakable("the user group_12345_bot_0123456789 may", 10)).toBe("the user group_1234\n5_bot_0123\n456789 may");
  expect(breakable("1234567890 12345", 10)).toBe("1234567890 12345");
});
