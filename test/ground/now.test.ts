import { afterEach, describe, expect, test } from "vitest";
import { ahead, forgetRun, now, today, workFor } from "../../ground/now";

const GITLAB_TOKEN = ["glpat", "SANDBOX", "ONLY", "x".repeat(20)].join("-");
const asOf = (PAT_ROTATION_AS_OF: string, GITLAB_BASE_URL = "http://127.0.0.1:8080") => ({
  PAT_ROTATION_AS_OF,
  GITLAB_BASE_URL,
  GITLAB_TOKEN,
});

test("a pretended day holds in the sandbox", () => {
  expect(today(asOf("2026-12-21"))).toBe("2026-12-21");
  expect(now(asOf("2026-12-21")).toISOString()).toBe("2026-12-21T00:00:00.000Z");
  expect(now(asOf("2026-12-21T08:30:00Z", "http://localhost:1")).toISOString()).toBe("2026-12-21T08:30:00.000Z");
  expect(today(asOf("2026-12-21", "http://[::1]:8080"))).toBe("2026-12-21");
});

test.each(["https://gitlab.com", "http://127.0.0.1.example.com", "not an address", ""])(
  "a pretended day is passed over when GitLab is at %j",
  (address) => {
    const before = Date.now();
    expect(now(asOf("2001-01-01", address)).getTime()).toBeGreaterThanOrEqual(before);
  },
);

test.each([undefined, "", ["glpat", "x".repeat(20)].join("-"), ` ${GITLAB_TOKEN}`])(
  "a pretended day is passed over on this machine, where a tunnel may end, unless the credential is the sandbox's",
  (token) => {
    const before = Date.now();
    const { GITLAB_TOKEN: _, ...env } = asOf("2001-01-01");
    expect(now(token === undefined ? env : { ...env, GITLAB_TOKEN: token }).getTime()).toBeGreaterThanOrEqual(before);
  },
);

test.each(["tomorrow", "2026-02-30", "2026-12-21 08:30", "2026-12-21T08:30:00+01:00"])("%j is refused", (text) => {
  expect(() => now(asOf(text))).toThrow(`Reading PAT_ROTATION_AS_OF: "${text}" is no date.`);
});

test("our clock is compared with a server's, unless a pretended time stands in for it", () => {
  const anHourAgo = new Date(Date.now() - 3_600_000).toUTCString();
  const env = { GITLAB_BASE_URL: "https://gitlab.example.com", PAT_ROTATION_AS_OF: "2026-11-23" };
  expect(Math.round(ahead(anHourAgo, env) / 60_000)).toBe(60);
  expect(ahead(null, env)).toBe(0);
  expect(ahead("yesterday", env)).toBe(0);
  expect(Math.round(ahead(anHourAgo, { ...env, GITLAB_BASE_URL: "http://127.0.0.1:8080" }) / 60_000)).toBe(60);
  expect(ahead(anHourAgo, asOf("2026-11-23"))).toBe(0);
});

describe("the day that a run's program hands down", () => {
  afterEach(forgetRun);
  const elsewhere = { PAT_ROTATION_AS_OF: "2001-01-01T08:30:00Z", GITLAB_BASE_URL: "https://gitlab.example.com" };

  test("holds in a preview of any GitLab, with the time that is pretended", () => {
    workFor("2001-01-01", true, elsewhere);
    expect(today(elsewhere)).toBe("2001-01-01");
    expect(now(elsewhere).toISOString()).toBe("2001-01-01T08:30:00.000Z");
    expect(Math.round(ahead(new Date(Date.now() - 3_600_000).toUTCString(), elsewhere) / 60_000)).toBe(60);
  });

  test("is refused in an update of any GitLab but the sandbox, when it is none of these days", () => {
    expect(() => workFor("2001-01-01", false, elsewhere)).toThrow("it works for the real date only");
    expect(now(elsewhere).getTime()).toBeGreaterThan(Date.now() - 60_000);
    workFor("2001-01-01", false, asOf("2001-01-01"));
    expect(today(asOf("2001-01-01"))).toBe("2001-01-01");
  });

  test("stays that of the run when midnight passes meanwhile", () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    workFor(yesterday, false, {});
    expect(today({})).toBe(yesterday);
  });
});
