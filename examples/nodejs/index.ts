import * as rotation from "@pulumi/pat-rotation";

const inventory = new rotation.Account("inventory", {
  fleet: "sandbox",
  account: { group: "security", username: "gl-security-inventory" },
  token: {
    name: "GitLab Security Service - Architecture - Inventory",
    description: "Lets the GitLab Inventory Builder read the API",
    scopes: ["api"],
    scopeReason: "The runbook asks for api",
  },
  rotation: { startsOn: "2026-11-23", everyDays: 336, weekday: "monday", overlapDays: 7 },
  adopt: { tokenId: 1201, expiresAt: "2026-11-23" },
  onePassword: [{ vault: "Security", item: "GitLab Security Service - Architecture - Inventory", field: "credential" }],
  variables: [{ project: "security/inventory-builder", key: "GITLAB_API_TOKEN", masked: true, protected: true }],
  proof: [{ project: "security/inventory-builder", schedule: "Weekly - Monday mornings", jobs: ["build-inventory"] }],
});

export const generation = inventory.state.apply((state) => state?.generation);
export const fault = inventory.fault;
