import { expect, test } from "vitest";
import { plot } from "../../../workshop/soak/fleet/plot";
import type { History, Step } from "../../../workshop/soak/fleet/steps";
import { shrink, signature } from "../../../workshop/soak/shrink";

const size = { accounts: [4, 9], rounds: 200 } as const;

test("the same seed is the same history, another one is another", () => {
  expect(plot(7, size)).toEqual(plot(7, size));
  expect(plot(8, size)).not.toEqual(plot(7, size));
});

test("most rounds are ordinary, and in many of them everything happens", () => {
  const steps = Array.from({ length: 20 }, (_, seed) => plot(seed, size)).flatMap((history) => history.steps);
  const kinds = new Set(steps.map((step) => (step.do === "edit" ? step.edit.kind : step.do)));
  for (const kind of ["lifetime", "move", "share", "rename", "claim", "sections", "freeze", "compromised", "remove"])
    expect(kinds).toContain(kind);
  for (const kind of ["pipeline", "lock", "hand", "backup", "restore", "forget", "schedules"])
    expect(kinds).toContain(kind);
  const runs = steps.filter((step) => step.do === "run");
  const ordinary = runs.filter((step) => step.command === "up" && Object.keys(step).length === 2);
  expect(ordinary.length / runs.length).toBeGreaterThan(0.6);
});

test("a violation's history is shrunk to the steps and accounts that matter", async () => {
  const history = plot(3, size);
  const violation = { judge: "leak", account: "a00", at: "", what: "it shows", detail: "" } as const;
  const matters = (step: Step) => step.do === "run" && step.command === "refresh";
  const last: Step = { do: "run", command: "up" };
  const whole: History = { ...history, steps: [...history.steps, { do: "run", command: "refresh" }, last] };
  const play = async ({ steps, members }: History) =>
    steps.some(matters) && steps.at(-1) === last && members.some(({ at }) => at === 0) ? [violation] : [];
  const shrunk = await shrink(whole, violation, play, () => false);
  expect(signature(shrunk.violation)).toBe("leak: it shows");
  expect(shrunk.history.steps).toEqual([{ do: "run", command: "refresh" }, last]);
  expect(shrunk.history.members.map(({ at }) => at)).toEqual([0]);
});
