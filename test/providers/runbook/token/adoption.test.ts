import { expect, it } from "vitest";
import type { PersonalAccessTokenInputs } from "../../../../contract/personalAccessToken";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { benches, generationInputs, refusal, variable } from "../bench";
import { withoutListing } from "../proxy";

const bench = benches();
const scanner = { kind: "variable", project: "security/scanner", key: "GITLAB_API_TOKEN" } as const;

function adoptedInputs(changes: Partial<PersonalAccessTokenInputs> = {}) {
  return generationInputs({
    generation: "adopted",
    lifecycle: "previous",
    account: "scanner",
    adoptTokenId: 1202,
    userId: 202,
    expiresAt: "2026-12-14",
    consumers: [scanner],
    ...changes,
  });
}

function adopted(changes: Partial<PersonalAccessTokenInputs> = {}) {
  return personalAccessToken.create(adoptedInputs(changes), bench().context);
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

it.each(["\n", "\r\n", " "])("a token with %j behind it is found, and its value is the token alone", async (more) => {
  const { sandbox } = bench();
  const token = sandbox.gitlab.tokenValue("scanner-hand-made");
  const place = sandbox.gitlab.state.projects.get("security/scanner")?.variables[0];
  if (place !== undefined) place.value = `${token}${more}`;
  const { outputs } = await adopted();
  expect(outputs.token === token).toBe(true);
  expect(bench().said.join("\n")).toContain("there are blanks or line breaks around it there");
  expect(bench().said.join("\n")).not.toContain(token);
});

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

it("a living token and its value are taken over, and nothing is minted", async () => {
  const { sandbox, requests } = bench();
  const { outputs } = await adopted();
  expect(outputs).toMatchObject({ status: "live", tokenId: 1202, mintedAt: "2025-12-14T08:30:00Z" });
  expect(outputs.token).toBe(sandbox.gitlab.variable("security/scanner", "GITLAB_API_TOKEN"));
  expect(requests().map((request) => request.split(" ")[0])).toEqual(["GET", "GET", "GET"]);
});

it("a token whose value no place shows is taken over without it, and that is said", async () => {
  const { outputs } = await adopted({ consumers: [variable] });
  expect(outputs).toMatchObject({ status: "live", tokenId: 1202 });
  expect(outputs.token).toBeUndefined();
  expect(bench().said.join("\n")).toContain("it cannot be put back");
});

it("a token of unknown value that GitLab lists neither as alive nor as dead is kept by a refresh", async () => {
  const inputs = adoptedInputs({ consumers: [] });
  const before = { inputs, ...(await adopted({ consumers: [] })) };
  await withoutListing(1202, async () => {
    expect(await personalAccessToken.read?.(before, bench().context)).toEqual(before);
  });
  expect(bench().said.join("\n")).toContain("it is kept until it expires on 2026-12-14");
});

it("of a dead token it is kept only that it is dead", async () => {
  const { outputs } = await adopted({
    account: "inventory",
    userId: 201,
    adoptTokenId: 1201,
    expiresAt: "2026-11-23",
    consumers: [],
  });
  expect(outputs).toMatchObject({ status: "expired", tokenId: 1201 });
  expect(outputs.token).toBeUndefined();
});

it("another user's token is refused", async () => {
  const created = personalAccessToken.create(generationInputs({ adoptTokenId: 1202 }), bench().context);
  expect(await refusal(created)).toContain("user 201 has no token of the id 1202");
});
