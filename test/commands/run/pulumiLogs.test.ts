import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { removePulumiLogs } from "../../../commands/run/pulumiLogs";

const home = mkdtempSync(join(tmpdir(), "pulumi-logs-"));
afterAll(() => rmSync(home, { recursive: true }));

test("of Pulumi's logs those of the project's runs go, and no others", () => {
  removePulumiLogs("pat-rotation", { PULUMI_HOME: home });
  const logs = join(home, "logs");
  mkdirSync(logs);
  const others = [
    "organization+other+prod-20261130T221304.log",
    "pulumi-20261130T221304-17843-stack_new.log",
    "team+pat-rotation+prod-20261130T221304.shared",
  ];
  const ours = [
    "organization+pat-rotation+sandbox-20261130T221304.log",
    "team+pat-rotation+prod-20261130T221304-0b1f.log",
  ];
  for (const name of [...ours, ...others]) writeFileSync(join(logs, name), "");
  removePulumiLogs("pat-rotation", { PULUMI_HOME: home });
  expect(readdirSync(logs).sort()).toEqual(others.sort());
});
