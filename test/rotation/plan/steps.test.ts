import { expect, test } from "vitest";
import { generations } from "../../../rotation/calendar/generations";
import { type AccountRun, accountRun, type FoundAccount, type FoundToken } from "../../../rotation/plan/steps";
import { account } from "../declarations";

const builder = account({
  rotation: { startsOn: "2026-11-23", extraDates: [{ date: "2026-12-14" }] },
  adopt: { tokenId: 1, expiresAt: "2026-12-20" },
  onePassword: [{ vault: "Security", item: "Inventory", field: "credential" }],
  variables: [{ project: "security/builder", key: "TOKEN", environmentScope: "*" }],
  proof: [{ project: "security/builder", schedule: "Weekly", jobs: ["build"], waitMinutes: 30 }],
});
const places =
  'field "credential" of 1Password item "Inventory" in vault "Security"; CI/CD variable "TOKEN" of project "security/builder"';
const pipeline = 'security/builder: schedule "Weekly" (job build)';

function token(generation: string, parts: Partial<FoundToken> = {}): FoundToken {
  return { generation, isNew: false, tokenId: 7, status: "live", hold: "", ...parts };
}

function runOn(today: string, found: Partial<FoundAccount>, declared = builder): AccountRun {
  const all = generations(declared, [], today);
  return accountRun(declared, all, { tokens: [], newPlaces: [false, false], proves: false, ...found }, today);
}

function told(today: string, found: Partial<FoundAccount>, declared = builder): string[] {
  return runOn(today, found, declared).steps.map(({ text }) => text);
}

const unminted = { isNew: true, tokenId: undefined };

test("a hand-made token that is dead by its declared date is not said to be taken over", () => {
  const dead = { ...builder, adopt: { tokenId: 1, expiresAt: "2026-11-23" } };
  const tokens = [token("adopted", { isNew: true, tokenId: 1, status: undefined }), token("2026-11-23", unminted)];
  expect(runOn("2026-11-23", { tokens }, dead).steps.map(({ does }) => does)).not.toContain("take over");
});

test("the first run takes the hand-made token over, mints, stores and proves", () => {
  const tokens = [token("adopted", { isNew: true, tokenId: 1, status: undefined }), token("2026-11-23", unminted)];
  const found = runOn("2026-11-23", { tokens, newPlaces: [true, true], proves: true });
  expect(found.steps.map(({ does, text }) => `${does}: ${text}`)).toEqual([
    "mint: mints 2026-11-23; it expires on Tue 23 Nov 2027",
    `store: stores it in ${places}`,
    `prove: proves it by ${pipeline}`,
    "take over: takes over token 1, made by hand",
  ]);
  expect(found.pending).toMatchObject([{ event: "mint", date: "2026-11-23" }]);
});

test("with nothing to do there is no step, and nothing is pending", () => {
  const tokens = [token("adopted", { tokenId: 1 }), token("2026-11-23")];
  expect(runOn("2026-11-24", { tokens })).toEqual({ account: "inventory", steps: [], pending: [] });
});

test("what lives on beside a new token is kept, until when is told", () => {
  const tokens = [
    token("adopted", { tokenId: 1, status: "revoked" }),
    token("2026-11-23"),
    token("2026-12-14", unminted),
  ];
  expect(told("2026-12-14", { tokens, proves: true })).toContain("keeps 2026-11-23 (token 7) until Mon 21 Dec 2026");
});

test("a rotation that was missed is pending since its date; a token that died, since today", () => {
  const late = runOn("2026-12-01", { tokens: [token("2026-11-23", unminted)], proves: true });
  expect(late.pending).toMatchObject([{ event: "mint", date: "2026-11-23" }]);
  const anew = runOn("2026-12-01", { tokens: [token("2026-11-23", { tokenId: undefined })], proves: true });
  expect(anew.pending).toMatchObject([{ event: "mint", date: "2026-12-01" }]);
  expect(anew.steps[0]?.text).toBe("mints 2026-11-23 anew, since no token of it lives; it expires on Tue 23 Nov 2027");
});

test("only a place that is new is told when the token is not", () => {
  const tokens = [token("2026-11-23")];
  expect(told("2026-12-01", { tokens, newPlaces: [false, true], proves: true })).toEqual([
    'stores 2026-11-23 (token 7) in CI/CD variable "TOKEN" of project "security/builder"',
    `proves 2026-11-23 (token 7) by ${pipeline}`,
  ]);
});

test("a retired token is revoked, held for a reason, or done with", () => {
  const fresh = token("2026-12-14", { tokenId: 8 });
  const old = (parts: Partial<FoundToken>) => runOn("2026-12-21", { tokens: [token("2026-11-23", parts), fresh] });
  const goes = old({ status: undefined, hold: undefined });
  expect(goes.steps).toEqual([
    { does: "revoke", text: "revokes 2026-11-23 (token 7), unless something speaks against it then" },
  ]);
  expect(goes.pending).toMatchObject([{ event: "retire", date: "2026-12-21" }]);
  expect(old({ hold: "it was last used today" }).steps).toEqual([
    { does: "hold", text: "holds 2026-11-23 (token 7): it was last used today" },
  ]);
  expect(old({ status: "revoked" })).toMatchObject({ steps: [], pending: [] });
});

test("a retired token that has expired is not said to be revoked: it is looked at once more", () => {
  const hand = account({ rotation: { startsOn: "2026-11-23" }, adopt: { tokenId: 7, expiresAt: "2026-11-23" } });
  const tokens = [token("adopted", { status: undefined, hold: undefined }), token("2026-11-23", { tokenId: 8 })];
  const { steps, pending } = runOn("2026-12-08", { tokens }, hand);
  expect(steps).toEqual([
    { does: "keep", text: "looks once more whether adopted (token 7) is dead, which expired on Mon 23 Nov 2026" },
  ]);
  expect(pending).toEqual([]);
});

test("an account without pipelines is proven by a call", () => {
  const plain = account({ rotation: { startsOn: "2026-11-23" } });
  const tokens = [token("2026-11-23", unminted)];
  expect(told("2026-11-23", { tokens, newPlaces: [], proves: true }, plain)).toEqual([
    "mints 2026-11-23; it expires on Tue 23 Nov 2027",
    "proves it by a call of GitLab",
  ]);
});

test("a plain user's token rotates itself", () => {
  const user = account({ account: { self: true, username: "somebody" }, rotation: { startsOn: "2026-11-23" } });
  const [step] = runOn("2026-11-23", { tokens: [token("2026-11-23", unminted)], newPlaces: [] }, user).steps;
  expect(step).toEqual({
    does: "mint",
    text: "has its token rotate itself into 2026-11-23: the old one dies in that moment; the new one expires on Tue 23 Nov 2027",
  });
});

test("an account that ends has every token revoked, once", () => {
  const ended = account({ decommission: { reason: "gone" } });
  const found = (status?: string) => told("2026-12-01", { tokens: [token("2026-11-23", { status })] }, ended);
  expect(found()).toEqual(["revokes 2026-11-23 (token 7), since the account ends"]);
  expect(found("revoked")).toEqual([]);
});
