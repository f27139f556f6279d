import { expect, test } from "vitest";
import { commands } from "../../../sandbox/engine/commands";
import type { Stack } from "../../../sandbox/engine/operation";

test.each([
  [
    "config set",
    ["key", "5"],
    "plain values are written into /there/Pulumi.dev.yaml, by hand: only `--secret` ones are set here",
  ],
  ["stack output", [], "the embedded engine does not support `stack output` without --json; use the Pulumi CLI"],
])("%s without its flag is refused", async (name, given, text) => {
  const stack = { name: "dev", settings: { path: "/there/Pulumi.dev.yaml" } } as Stack;
  await expect(commands[name]?.run(stack, {}, given)).rejects.toThrow(text);
});
