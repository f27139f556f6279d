import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { engines } from "../engines";
import { inventory, Situation } from "../situation";
import { leaks, occurrences, pulumiLogs, secretsOf } from "./secretScan";

/** Everything that makes libraries of the program, of the providers and of the CLI talk, as far as the sandbox shows it clean. */
const talkative = {
  GRPC_TRACE: "all",
  GRPC_VERBOSITY: "DEBUG",
  GRPC_GO_LOG_SEVERITY_LEVEL: "info",
  GRPC_GO_LOG_VERBOSITY_LEVEL: "99",
  NODE_DEBUG: "http,http2,net,fetch,undici,tls,stream",
  PULUMI_DEBUG_PROMISE_LEAKS: "true",
  // As the Automation API does, for the flag by which it hears of events.
  PULUMI_DEBUG_COMMANDS: "true",
};

async function within(
  engine: (typeof engines)[number],
  environment: Readonly<Record<string, string>>,
  play: (situation: Situation, temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), "pat-rotation-secrets-"));
  const situation = await Situation.start(engine, {
    environment: (sandbox) => ({ ...sandbox.environment, TMPDIR: temporary, ...environment }),
  });
  try {
    await play(situation, temporary);
  } finally {
    await situation.stop();
    rmSync(temporary, { recursive: true, force: true });
  }
}

const cli = engines.filter(({ embedded }) => !embedded);

describe.each(cli)("a bare command of the $name", (engine) => {
  test("prints and keeps no token value, whatever makes it talk", { timeout: 300_000 }, async () => {
    await within(engine, talkative, async (situation, temporary) => {
      const loud = ["--debug", "-v=11", "--logflow"];
      const up = await situation.plainUp([...loud, "--logtostderr", "--diff", "--show-full-output"]);
      expect(up.code, up.output).toBe(0);
      expect(up.output).toContain("RegisterResource");
      situation.sandbox.clock.set("2026-11-30T07:10:00Z");
      const preview = await situation.preview([...loud, "--json"]);
      expect(preview.code, preview.output).toBe(0);
      const events = await situation.plainUp([...loud, "--json"]);
      expect(events.code, events.output).toBe(0);
      expect(events.output).toContain('"resOutputsEvent"');
      const heard = join(temporary, "events");
      const refresh = await situation.stack.refresh([...loud, "--run-program", "--event-log", heard]);
      expect(refresh.code, refresh.output).toBe(0);
      expect(readFileSync(heard, "utf8")).toContain('"resOutputsEvent"');
      situation.printed += refresh.output;
      expect(secretsOf(situation).length).toBeGreaterThan(4);
      expect(leaks(situation, [temporary])).toEqual({});
    });
  });

  test("would print them, had the program's debug messages not been muted: the test sees that", async () => {
    const unmuted = `--require=${join(__dirname, "unmuted.cjs")}`;
    const environment = { NODE_OPTIONS: unmuted, PULUMI_DEBUG_COMMANDS: "true" };
    await within(engine, environment, async (situation, temporary) => {
      const events = join(temporary, "events");
      await situation.plainUp(["--debug", "--event-log", events]);
      const found = leaks(situation, [temporary]);
      expect(found).toEqual({ "what was printed": expect.any(Number), [events]: expect.any(Number) });
    });
  });
});

describe.each(cli)("npm run on the $name", (engine) => {
  test("leaves no log in which the engine wrote down the inputs of a step", { timeout: 180_000 }, async () => {
    await within(engine, {}, async (situation, temporary) => {
      const bare = await situation.plainUp();
      expect(bare.code, bare.output).toBe(0);
      const [before = ""] = pulumiLogs(situation).filter((log) => log.includes("Planner decided to create"));
      expect(occurrences(before, secretsOf(situation))).toBeGreaterThan(0);
      situation.sandbox.clock.set("2026-11-30T07:10:00Z");
      const run = await situation.npmRunUp();
      expect(run.code, run.output).toBe(0);
      const logs = pulumiLogs(situation);
      expect(logs.map((log) => occurrences(log, secretsOf(situation)))).toEqual(logs.map(() => 0));
      expect(leaks(situation, [temporary])).toEqual({});
    });
  });
});

describe.each(engines)("npm run up with --trace on the $name", (engine) => {
  test("tells each request of the run, whichever process sent it, and no value", { timeout: 180_000 }, async () => {
    await within(engine, {}, async (situation, temporary) => {
      const run = await situation.npmRunUp(["--trace"]);
      expect(run.code, run.output).toBe(0);
      const [, told = ""] = run.output.split("\nRequests of this run:\n");
      const lines = told.split("\n").filter((line) => /^\d{4}-\d\d-\d\dT\S+Z /.test(line));
      const asked = lines.map((line) => / ([A-Z]+ \S+) \d{3} \(\d+ ms\)$/.exec(line)?.[1]?.replace(/\?.*/, ""));
      const sent = run.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
      expect(asked.sort()).toEqual(sent.sort());
      const patches = run.requests.filter(({ method }) => method === "PATCH");
      expect(lines.filter((line) => line.includes(" 1Password Connect: PATCH "))).toHaveLength(patches.length);
      expect(leaks(situation, [temporary])).toEqual({});
    });
  });
});

describe.each(engines)("a token that somebody put into a declaration, on the $name", (engine) => {
  test("fails that account alone, and is neither printed nor stored", { timeout: 180_000 }, async () => {
    const pasted = ["glpat", "put-where-none-belongs"].join("-");
    const temporary = mkdtempSync(join(tmpdir(), "pat-rotation-secrets-"));
    const situation = await Situation.start(engine, {
      environment: (sandbox) => ({ ...sandbox.environment, TMPDIR: temporary }),
      edit: (settings) =>
        settings.setIn(["config", "pat-rotation:accounts", 1, "token", "description"], `use ${pasted}`),
    });
    try {
      const run = await situation.npmRunUp();
      expect(run.code).not.toBe(0);
      expect(run.output).toContain("what looks like a credential, not shown here");
      expect(situation.works(inventory)).toBe(true);
      expect(occurrences(run.output, [pasted])).toBe(0);
      expect(occurrences(await situation.stack.state(), [pasted])).toBe(0);
    } finally {
      await situation.stop();
      rmSync(temporary, { recursive: true, force: true });
    }
  });
});
