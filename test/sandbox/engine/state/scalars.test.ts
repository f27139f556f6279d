import { describe, expect, test } from "vitest";
import { needsQuotes, plainScalar, scalarText } from "../../../../sandbox/engine/state/scalars";

describe("an unquoted scalar means what it means to the CLI", () => {
  test.each([
    ["2026-11-23", "2026-11-23 00:00:00 +0000 UTC"],
    ["2026-1-2", "2026-01-02 00:00:00 +0000 UTC"],
    ["2026-11-23T10:11:12Z", "2026-11-23 10:11:12 +0000 UTC"],
    ["2026-11-23 10:11:12", "2026-11-23 10:11:12 +0000 UTC"],
    ["2026-11-23T10:11:12+00:00", "2026-11-23 10:11:12 +0000 UTC"],
    ["2026-11-23T10:11:12.5+02:00", "2026-11-23 10:11:12.5 +0200 +0200"],
    ["2026-11-23T10:11:12-03:30", "2026-11-23 10:11:12 -0330 -0330"],
    ["2026-02-31", "2026-02-31"],
    ["true", true],
    ["True", true],
    ["yes", "yes"],
    ["off", "off"],
    ["~", null],
    ["0777", 511n],
    ["0o17", 15n],
    ["0x1F", 31n],
    ["0b11", 3n],
    ["1_000", 1000n],
    ["-5", -5n],
    ["+5", 5n],
    ["1.50", 1.5],
    [".5", 0.5],
    ["1e3", 1000],
    ["12345678901234567890", 12345678901234567890n],
    ["190:20:30", "190:20:30"],
    ["v1.2", "v1.2"],
  ])("%s", (text, value) => {
    expect(plainScalar(text)).toStrictEqual(value);
  });
});

test("the value of a whole key is text", () => {
  expect([null, true, 511n, 1.5, 1e22, "a"].map(scalarText)).toStrictEqual(["", "true", "511", "1.5", "1e+22", "a"]);
});

test("text that would be read back as something else needs quotes", () => {
  expect(["5", "true", "2026-11-23", "", "null"].map(needsQuotes)).toStrictEqual([true, true, true, true, true]);
  expect(["yes", "a b", "v1:x"].map(needsQuotes)).toStrictEqual([false, false, false]);
});
