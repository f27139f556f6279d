import { expect, test } from "vitest";
import { now } from "../../ground/now";
import { today } from "../../program/clock";
import { useSandbox } from "../workshop/sandbox/harness";

const sandbox = useSandbox();
const loopback = { PAT_ROTATION_AS_OF: "2030-01-01", GITLAB_BASE_URL: "http://127.0.0.1:8080" };
const other = ["glpat", "x".repeat(20)].join("-");

test("the sandbox's clock stands in for the program's and the providers', in an update too", () => {
  const { environment } = sandbox();
  expect(today(environment, false)).toBe("2026-11-23");
  expect(now(environment).toISOString()).toBe(environment.PAT_ROTATION_AS_OF);
});

test.each([undefined, "", other])(
  "an update through a tunnel on this machine, with %j, works for no pretended day",
  (token) => {
    const environment = { ...loopback, ...(token === undefined ? {} : { GITLAB_TOKEN: token }) };
    expect(() => today(environment, false)).toThrow(
      'GITLAB_BASE_URL is at "127.0.0.1", with a GITLAB_TOKEN that is none of the sandbox: an update works for the real date only',
    );
    expect(today(environment, true)).toBe("2030-01-01");
  },
);

test("the sandbox's credential does not make another address the sandbox", () => {
  const environment = { ...sandbox().environment, GITLAB_BASE_URL: "https://gitlab.example.com" };
  expect(() => today(environment, false)).toThrow('GITLAB_BASE_URL is at "gitlab.example.com": an update');
});

test.each([
  ...["2026-02-30", "5", "12/14/2026", "soon", "2026-12-14T25:00Z", "2026-12-14T24:00Z", "2026-12-14T23:59:60Z"],
  ...["2026-12-14T08:00+02:00", "2026-12-14T08:00", "2026-12-14T08:00Z\n", "T08:00Z"],
])("%j is no day and no instant in UTC, for the program as for the providers", (PAT_ROTATION_AS_OF) => {
  const environment = { ...sandbox().environment, PAT_ROTATION_AS_OF };
  expect(() => today(environment, true)).toThrow(`Reading PAT_ROTATION_AS_OF: found "${PAT_ROTATION_AS_OF}".`);
  expect(() => now(environment)).toThrow(`Reading PAT_ROTATION_AS_OF: "${PAT_ROTATION_AS_OF}" is no date.`);
});

test("an instant stands for its day in UTC", () => {
  expect(today({ PAT_ROTATION_AS_OF: "2026-12-14T23:59:59.999Z" }, true)).toBe("2026-12-14");
});
