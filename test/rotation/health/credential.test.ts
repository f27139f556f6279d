import { expect, test } from "vitest";
import { credentialLine } from "../../../rotation/health/credential";

const owner = { tokenId: 1001, name: "owner", username: "security-rotation", userId: 11, scopes: ["api"] };
const today = "2026-11-23";

test("whose it is, its scopes and its expiry; urgent from 30 days on", () => {
  expect(credentialLine({ ...owner, expiresAt: "2026-12-24" }, today)).toEqual({
    isUrgent: false,
    text: 'Our own credential, token 1001 "owner" of security-rotation (api), dies on Thu 24 Dec 2026, in 31 days.',
  });
  const soon = credentialLine({ ...owner, expiresAt: "2026-12-23" }, today);
  expect(soon).toEqual({
    isUrgent: true,
    text: 'Our own credential, token 1001 "owner" of security-rotation (api), dies on Wed 23 Dec 2026, in 30 days. Replace it in time: docs/credential.md tells how.',
  });
});

test("one that never dies, one that only reads, one of which only the user's id is known, one that is not known", () => {
  expect(credentialLine(owner, today)).toMatchObject({ isUrgent: false });
  expect(credentialLine({ ...owner, scopes: ["read_api"] }, today)).toMatchObject({ isUrgent: true });
  const { username: _, ...unnamed } = owner;
  expect(credentialLine(unnamed, today).text).toBe(
    'Our own credential, token 1001 "owner" of user 11 (api), never expires.',
  );
  expect(credentialLine({ fault: "GitLab answered 401" }, today)).toEqual({
    isUrgent: true,
    text: 'Our own credential, "GITLAB_TOKEN": GitLab answered 401.',
  });
});
