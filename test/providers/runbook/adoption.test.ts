import { expect, it } from "vitest";
import type { GenerationInputs } from "../../../providers/runbook/generation";
import { personalAccessToken } from "../../../providers/runbook/personalAccessToken";
import { benches, generationInputs, refusal } from "./bench";

const bench = benches();
const scanner = { kind: "variable", project: "security/scanner", key: "GITLAB_API_TOKEN" } as const;

function adopted(changes: Partial<GenerationInputs> = {}) {
  const inputs = generationInputs({
    generation: "adopted",
    lifecycle: "previous",
    account: "scanner",
    adoptTokenId: 1202,
    userId: 202,
    expiresAt: "2026-12-14",
    consumers: [scanner],
    ...changes,
  });
  return personalAccessToken.create(inputs, bench().context);
}

it.each(["several\nlines", "with a blank at the end ", "žluťoučký"])(
  "a place that holds what no token can be (%j) costs the value, not the adoption",
  async (value) => {
    const place = bench().sandbox.gitlab.state.projects.get("security/scanner")?.variables[0];
    if (place !== undefined) place.value = value;
    const { outputs } = await adopted();
    expect(outputs).toMatchObject({ status: "live", tokenId: 1202 });
    expect(outputs.token).toBeUndefined();
    expect(bench().said.join("\n")).toContain("it cannot be put back");
    expect(bench().said.join("\n")).not.toContain(value);
  },
);

it("a token that is dead by its declared date holds nothing up, whatever its id", async () => {
  const { outputs } = await adopted({ adoptTokenId: 999, expiresAt: "2026-11-23" });
  expect(outputs).toMatchObject({ status: "expired", tokenId: 999 });
});

it("a token that lives on after its declared date is not forgotten", async () => {
  expect(await refusal(adopted({ expiresAt: "2026-11-23" }))).toContain(
    'it expires on "2026-12-14", not on "2026-11-23"',
  );
});

it("a token that never expires is not taken for dead on its declared date, and is retired like any other", async () => {
  const { sandbox, tick, context } = bench();
  const token = sandbox.gitlab.state.tokens.byId(1202);
  Object.assign(token ?? {}, { expiresAt: null });
  const { id, outputs } = await adopted();
  const before = { id, inputs: outputs, outputs };
  tick({ days: 40 });
  const inputs = { ...before.inputs, expiresAt: "2026-12-14" };
  expect(personalAccessToken.diff?.(before, inputs).changes).toEqual({});
  expect(await refusal(personalAccessToken.delete?.(before, context))).toContain("token 1202 lives");
});

it("a value that the variable hides is read from the vault, by names, and only then", async () => {
  const { sandbox, requests } = bench();
  const title = "GitLab Security Service - Architecture - Scanner";
  const item = { kind: "item", vault: "Security", item: title, field: "credential", title: "the vault" } as const;
  const shown = await adopted({ consumers: [scanner, item] });
  expect(shown.outputs.token).toBe(sandbox.gitlab.tokenValue("scanner-hand-made"));
  expect(requests().filter((request) => request.includes("/vaults"))).toEqual([]);
  const place = sandbox.gitlab.state.projects.get("security/scanner")?.variables[0];
  if (place !== undefined) Object.assign(place, { hidden: true, masked: true });
  const { outputs } = await adopted({ consumers: [scanner, item] });
  expect(outputs.token).toBe(sandbox.gitlab.tokenValue("scanner-hand-made"));
  expect(bench().said.join("\n")).toContain("token 1202 was found in the vault: it can be put back");
});
