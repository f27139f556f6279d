import { expect, test } from "vitest";
import { leave } from "../../../commands/emergency/leave";
import { knownState } from "../../../commands/emergency/state";

const edit = { kind: "compromise", account: "inventory", generation: "2026-11-23", on: "2026-12-07" } as const;
const options = {
  folder: __dirname,
  environment: {},
  stack: "prod",
  today: "2026-12-07",
  state: knownState(undefined),
  project: undefined,
};

test("where the project is not known, the command that leaves the merge request is complete but for that", async () => {
  const { isThere, told } = await leave({ ...edit, reason: "token 1203 was reported as compromised" }, options);
  expect(isThere).toBe(false);
  expect(told).toContain(
    'Leave it with: npm run propose -- compromise inventory --stack prod --generation 2026-11-23 --date 2026-12-07 --reason "token 1203 was reported as compromised" --project "<group>/<project of this declaration>"',
  );
});

test("a reason that a shell would read is not part of a command to paste", async () => {
  const { told } = await leave({ ...edit, reason: 'seen in "$(id)"' }, { ...options, project: "security/rotation" });
  expect(told).toContain('--reason "it leaked" --project "security/rotation"');
});
