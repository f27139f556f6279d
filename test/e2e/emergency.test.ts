import { afterEach, expect, test } from "vitest";
import { emergency } from "../../scripts/emergency";
import { embeddedEngine } from "../../scripts/engine";
import { gitlabOf } from "../sandbox/harness";
import { Desk } from "./desk";
import { engines } from "./engines";
import { inventory, type Subject, scanner, writes } from "./situation";

let desk: Desk;

afterEach(async () => {
  expect(desk.leaks()).toEqual([]);
  await desk.stop();
});

const project = "/projects/security%2Fpat-rotation";

/** The command on the desk, and what it said and asked for. */
async function run(...args: string[]) {
  const before = desk.sandbox.traffic.requests.length;
  let said = "";
  const code = await emergency(["--stack", "sandbox", ...args], {
    folder: desk.folder,
    environment: desk.environment,
    today: "2000-01-01",
    lookEvery: 100,
    print: (text) => {
      said += text;
    },
  });
  desk.printed += said;
  return { code, said, requests: desk.sandbox.traffic.requests.slice(before) };
}

const live = ({ username }: Subject) => desk.sandbox.gitlab.liveTokens(username).map(({ id }) => id);
const variable = ({ project: path }: Subject) => desk.sandbox.gitlab.variable(path, "GITLAB_API_TOKEN");
function works(subject: Subject): boolean {
  const value = variable(subject);
  const isAlive = desk.sandbox.gitlab.liveTokens(subject.username).some((token) => token.value === value);
  return isAlive && desk.sandbox.onepassword.field("Security", subject.item, "credential") === value;
}

/** What a run changed in GitLab and 1Password, in order; commits and merge requests aside. */
const kinds = (requests: Parameters<typeof writes>[0]) =>
  writes(requests)
    .filter((write) => !/pat-rotation/.test(write))
    .map((write) => {
      if (/^POST .*access_tokens$/.test(write)) return "mint";
      if (/^DELETE .*access_tokens/.test(write)) return "revoke";
      return /^POST/.test(write) ? "run" : "place";
    });

/** Both accounts rotated, the day after; the scanner's tokens: by hand, then the one in use. */
async function rotated(engine = embeddedEngine): Promise<readonly [number, number]> {
  desk = await Desk.start(engine);
  desk.sandbox.clock.set("2026-11-30T06:30:00Z");
  const first = await desk.up();
  expect(first.code, first.output).toBe(0);
  desk.sandbox.clock.set("2026-12-01T09:00:00Z");
  const [hand = 0, used = 0] = live(scanner);
  return [hand, used];
}

test.each(engines)(
  "a leaked token is dead and replaced at once, and the merge request brings the declaration after it, on the $name",
  {
    timeout: 600_000,
  },
  async (engine) => {
    const [hand, leaked] = await rotated(engine);
    const declared = desk.declared;
    const others = live(inventory);
    const { code, said, requests } = await run("--token-id", String(leaked), "--reason", "pasted into a chat");
    expect(code, said).toBe(0);
    const [, fresh] = live(scanner);
    expect(live(scanner)).toEqual([hand, fresh]);
    expect(fresh).not.toBe(leaked);
    expect(works(scanner)).toBe(true);
    // New one in place, old one dead, and only then the pipelines.
    expect(kinds(requests)).toEqual(["mint", "place", "place", "revoke", "run"]);
    expect(live(inventory)).toEqual(others);
    expect(said).toContain(`Engine: ${engine.name}`);
    expect(said).toContain(`This is token ${leaked} of generation "2026-11-30" of account "scanner"`);
    expect(said).toContain(`Dead: token ${leaked}`);
    expect(said).toContain(`In its place: token ${fresh}, generation "2026-12-01".`);
    expect(said).toMatch(/Merge request !1: http/);
    expect(desk.declared).not.toBe(declared);

    // The night before it is merged: nothing is undone, and the run says what is missing.
    desk.declared = declared;
    desk.sandbox.clock.set("2026-12-02T02:00:00Z");
    const unmerged = await desk.up();
    expect(unmerged.code).not.toBe(0);
    expect(unmerged.output).toContain('"2026-11-30" was declared compromised (pasted into a chat)');
    expect(kinds(unmerged.requests)).toEqual([]);
    expect(works(scanner)).toBe(true);
    // As the nightly job does it: carried over, and nothing is left to do.
    const carried = await run("--carry-over");
    expect([carried.code, carried.said]).toEqual([0, expect.stringContaining("Its merge request is not merged yet.")]);
    const nightly = await desk.up();
    expect(nightly.code, nightly.output).toBe(0);
    expect(kinds(nightly.requests)).toEqual([]);

    // And merged: the same declaration, from the default branch.
    const api = gitlabOf(desk.sandbox);
    expect((await api("PUT", `${project}/merge_requests/1/merge`)).body.state).toBe("merged");
    const { body } = await api("GET", `${project}/repository/files/Pulumi.sandbox.yaml?ref=main`);
    const main = Buffer.from(body.content, "base64").toString();
    expect(main).toBe(desk.declared);
    desk.declared = main;
    expect((await run("--carry-over")).said).toContain("The declaration says all that emergencies did.");
    const merged = await desk.up();
    expect(merged.code, merged.output).toBe(0);
    expect(kinds(merged.requests)).toEqual([]);
    expect(live(scanner)).toEqual([hand, fresh]);
  },
);
