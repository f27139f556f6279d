import { afterEach, expect, test, vi } from "vitest";
import { NotFound, Unauthorized } from "../../clients/http";
import { outcomeOf } from "../../commands/command";
import { terminal } from "../../commands/terminal";

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

test("a bare refusal of GitLab is followed by what to do about it", async () => {
  const facts = { service: "GitLab", method: "GET", path: "/personal_access_tokens/self" } as const;
  const said = async (cause: Error) => (await outcomeOf("audit", () => Promise.reject(cause))).stderr;
  expect(await said(new Unauthorized({ ...facts, status: 401 }, false))).toBe(
    'GET /personal_access_tokens/self: GitLab answered 401\nThe token in "GITLAB_TOKEN" is not accepted: set a live one of this GitLab. npm run doctor looks at it.\n',
  );
  expect(await said(new NotFound({ ...facts, status: 404 }))).toContain("\nCheck the path: ");
  expect(await said(new Unauthorized({ ...facts, service: "1Password Connect", status: 401 }, false))).not.toContain(
    "GITLAB_TOKEN",
  );
});
