import { expect, test } from "vitest";
import { levels } from "../../soak/levels";
import { figures, findingText } from "../../soak/report";
import { soak } from "../../soak/soak";

/** A short soak; what it finds is told with its seed and its history. */
async function short(name: "model" | "engine", seed: number, minutes: number): Promise<void> {
  const level = levels(false)[name];
  if (level === undefined) throw new Error(`there is no level "${name}"`);
  const small = { ...level, size: { accounts: [5, 9], rounds: 60 } as const };
  const {
    findings,
    tally,
    counts,
    minutes: taken,
  } = await soak(small, {
    ...{ seed, minutes, shrinkMinutes: 1, print: () => undefined },
  });
  expect(findings.map(findingText)).toEqual([]);
  expect(tally.rotations, figures(level.name, tally, taken, counts)).toBeGreaterThan(0);
}

test("a minute at the model level violates nothing", { timeout: 240_000 }, () => short("model", 1, 1));

test("a minute at the engine level violates nothing", { timeout: 240_000 }, () => short("engine", 1, 1));
