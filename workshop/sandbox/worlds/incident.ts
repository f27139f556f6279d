import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "../world";
import { fleet } from "./fleet";

const root = join(__dirname, "../../..");
const declaration = "Pulumi.sandbox.yaml";

/**
 * The runbook's incident. Monday 2026-11-23, 07:10 UTC: the Inventory Builder's hand-made token died at midnight, the
 * weekly pipeline failed at 06:00, somebody opened an issue. A second account, the scanner, is well: its token lives for
 * three more weeks. The project that declares both stands in `security/pat-rotation`.
 */
export function incident(): World {
  return fleet({
    startsAt: "2026-11-23T07:10:00Z",
    accounts: [
      {
        name: "GitLab Security Service - Architecture - Inventory",
        username: "gl-security-inventory",
        project: "security/inventory-builder",
        schedule: { description: "Weekly - Monday mornings", cron: "0 6 * * 1" },
        job: "build-inventory",
        scope: "api",
        token: {
          handle: "inventory-hand-made",
          createdAt: "2025-11-23T10:12:00Z",
          expiresAt: "2026-11-23",
          lastUsedAt: "2026-11-22T23:41:07.512Z",
        },
        lastRun: { at: "2026-11-23T06:00:11.204Z", failed: true },
      },
      {
        name: "GitLab Security Service - Architecture - Scanner",
        username: "gl-security-scanner",
        project: "security/scanner",
        schedule: { description: "Weekly - Monday noon", cron: "0 12 * * 1" },
        job: "scan",
        scope: "read_api",
        token: {
          handle: "scanner-hand-made",
          createdAt: "2025-12-14T08:30:00Z",
          expiresAt: "2026-12-14",
          lastUsedAt: "2026-11-16T12:00:31.877Z",
        },
        lastRun: { at: "2026-11-16T12:00:09.310Z", failed: false },
      },
    ],
    projects: [
      {
        path: "security/tracker",
        issues: [
          {
            title: "Rotate the token of GitLab Security Service - Architecture - Inventory",
            description:
              "The weekly run of the Inventory Builder failed this morning with 401. The token has expired; please follow the runbook.",
            author: "on.call",
            createdAt: "2026-11-23T06:48:20.019Z",
            labels: ["token rotation"],
          },
        ],
      },
      { path: "security/pat-rotation", files: { [declaration]: readFileSync(join(root, declaration), "utf8") } },
    ],
  });
}
