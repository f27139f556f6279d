import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { levels } from "../../../workshop/soak/levels/levels";
import { figures, findingText } from "../../../workshop/soak/report";
import { soak } from "../../../workshop/soak/soak";

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

test.each(["SIGINT", "SIGTERM"] as const)(
  "one that %s stops tells its figures so far, and ends with 130",
  {
    timeout: 120_000,
  },
  async (signal) => {
    const root = join(__dirname, "../../..");
    const flags = ["--level", "model", "--minutes", "30", "--accounts", "4", "--verbose"];
    const main = ["--require", "./start/typescript.cjs", "workshop/soak/main.ts", ...flags];
    const soaking = spawn(process.execPath, main, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    soaking.stdout.on("data", (data: Buffer) => {
      printed += data.toString();
      if (printed.split("\n").length > 20) soaking.kill(signal);
    });
    const [code] = await once(soaking, "exit");
    expect(code, printed).toBe(130);
    expect(printed).toMatch(/^interrupted after \d+ s$/m);
    expect(printed).toMatch(/^Model level: \d+ rotations, \d+ revocations, [1-9]\d* runs, \d+ requests,$/m);
    expect(printed).toMatch(/^0 violations\.$/m);
  },
);
