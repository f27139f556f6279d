import { appendFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Document } from "yaml";
import { embeddedEngine } from "../../scripts/engine";
import { Situation, scanner, writes } from "./situation";

const account = (index: number, ...path: (string | number)[]) => ["config", "pat-rotation:accounts", index, ...path];
const edits: Record<string, (s: Document) => void> = {
  rename: (s) => {
    s.setIn(account(0, "name"), "scan2");
    s.setIn(account(0, "formerly"), "scanner");
  },
  move: (s) => s.setIn(account(0, "rotation", "startsOn"), "2026-12-07"),
  earlier: (s) => s.setIn(account(0, "rotation", "startsOn"), "2026-11-23"),
  leak: (s) => s.setIn(account(0, "compromised"), [{ generation: "2026-11-30", reason: "chat", on: "2026-12-01" }]),
  leakAdopted: (s) => s.setIn(account(0, "compromised"), [{ generation: "adopted", reason: "chat" }]),
  hold: (s) => s.setIn(account(0, "holdAt"), "adopted"),
  end: (s) => s.setIn(account(0, "decommission"), { reason: "gone" }),
  scope: (s) => s.setIn(account(0, "token", "scopes"), ["read_user", "read_api"]),
  key: (s) => s.setIn(account(0, "variables", 0, "key"), "OTHER_KEY"),
  extra: (s) => s.setIn(account(0, "rotation", "extraDates"), [{ date: "2026-12-01" }]),
  noAdopt: (s) => s.deleteIn(account(0, "adopt")),
  user: (s) => s.setIn(account(0, "account", "username"), "gl-security-inventory"),
};
const names = ["rename", "move", "leak", "leakAdopted", "hold", "end", "scope", "key"];
const combos: string[][] = [
  ["rename", "leak", "hold", "scope", "end", "move"],
  ["rename", "leak", "scope", "extra", "key"],
  ["rename", "leakAdopted", "hold"],
  ["rename", "leak", "end"],
  ["user"],
  ["noAdopt"],
  ["noAdopt", "hold"],
  ["extra"],
];
for (const [i, a] of names.entries()) {
  combos.push([a]);
  for (const b of names.slice(i + 1)) combos.push([a, b]);
}
const part = Number(process.env.PART ?? 0);
const say = (t: string) => appendFileSync(`/tmp/attack/pairs-${part}.log`, `${t}\n`);

test("pairs", { timeout: 7_000_000 }, async () => {
  for (const combo of combos) {
    if (part > 1) continue;
    if (process.env.ONLY && !process.env.ONLY.split(";").includes(combo.join("+"))) continue;
    const s = await Situation.start(embeddedEngine, {
      edit: (d) => {
        d.deleteIn(account(0));
      },
    });
    try {
      s.sandbox.clock.set("2026-11-30T06:30:00Z");
      const base = await s.up();
      expect(base.code, base.output).toBe(0);
      const [hand, gen] = s.live(scanner);
      s.stack.configure((d) => {
        d.deleteIn(account(0));
        for (const name of combo) edits[name]?.(d);
      });
      const report = [`== ${combo.join(" + ")} hand=${hand} gen=${gen}`];
      for (const at of ["2026-12-01T09:00:00Z", "2026-12-09T06:30:00Z", "2026-12-16T06:30:00Z"]) {
        s.sandbox.clock.set(at);
        const run = await s.up();
        const w = writes(run.requests).map((x) =>
          x
            .replace(/.*personal_access_tokens/, (m) => `${m.split(" ")[0]} tokens`)
            .replace(/\/v1\/vaults\/[a-z0-9]+\/items\/[a-z0-9]+/, "ITEM")
            .replace("/api/v4/projects/security/scanner", "P"),
        );
        const err = run.output
          .split("\n")
          .filter((l) => /error|✗|refused|failed/i.test(l))
          .slice(0, 3)
          .map((l) => l.trim().slice(0, 260));
        report.push(
          ` ${at.slice(0, 16)} code=${run.code} live=${s.live(scanner)} works=${s.works(scanner)} var=${s.sandbox.gitlab.liveTokens(scanner.username).find((t) => t.value === s.variable(scanner))?.id ?? "DEAD"} item=${s.sandbox.gitlab.liveTokens(scanner.username).find((t) => t.value === s.item(scanner))?.id ?? "DEAD"} other=${s.sandbox.gitlab.variable(scanner.project, "OTHER_KEY") === undefined ? "-" : (s.sandbox.gitlab.liveTokens(scanner.username).find((t) => t.value === s.sandbox.gitlab.variable(scanner.project, "OTHER_KEY"))?.id ?? "DEAD")} writes=${w.join(", ")}`,
        );
        for (const e of err) report.push(`      ${e}`);
        if (/\n\s+at .*\.ts:\d+/.test(run.output)) report.push(`      STACK ${run.output.slice(0, 1500)}`);
      }
      if (s.leaks().length > 0) report.push(`   LEAKS ${s.leaks()}`);
      say(report.join("\n"));
    } catch (e) {
      say(`== ${combo.join(" + ")} THREW ${String(e).slice(0, 2000)}`);
    }
    await s.stop();
  }
});
