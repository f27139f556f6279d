import { afterEach, expect, test, vi } from "vitest";
import { outcomeOf, terminal } from "../../scripts/command";

afterEach(() => void vi.unstubAllEnvs());

test("colours are taken where FORCE_COLOR asks for them, and never where NO_COLOR forbids them", () => {
  const color = (FORCE_COLOR: string, NO_COLOR = "") => {
    vi.stubEnv("FORCE_COLOR", FORCE_COLOR);
    vi.stubEnv("NO_COLOR", NO_COLOR);
    return terminal().color;
  };
  expect([color("1"), color("1", "1"), color("0", "1")]).toEqual([true, false, false]);
});

test("an error of a command hides nothing, and turns no reading direction", async () => {
  const outcome = await outcomeOf("doctor", () => Promise.reject(new Error("a\u202eb\u001b[2J\n  c")));
  expect(outcome).toEqual({ code: 1, stdout: "", stderr: "a b [2J\n  c\n" });
});
