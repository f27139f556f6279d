import { afterEach, expect, test } from "vitest";
import { emergency } from "../../../commands/emergency";
import { health } from "../../../commands/health";
import { embeddedEngine } from "../../../engines/engine";
import { gitlabOf } from "../../workshop/sandbox/harness";
import { Desk } from "../desk";
import { engines } from "../engines";
import { inventory, type Subject, scanner, writes } from "../situation";

let desk: Desk;
/** Told what the command says, as it says it. */
let heard: (text: string) => void = () => {};

afterEach(async () => {
  heard = () => {};
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
      heard(text);
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
    // The morning after: the health of the token that took its place, and no word against it.
    const { folder, environment } = desk;
    const morning = await health(["--stack", "sandbox"], { folder, environment, engine });
    const told = morning.stdout.replace(/\s+/g, " ");
    expect(morning.code, morning.stdout).toBe(0);
    expect(told).toContain('! Account "scanner": generation "2026-11-30" is compromised (pasted into a chat)');
    expect(told).toContain("The edit that declares it is not merged yet.");
    expect(told).toContain("Nothing is due, and no consumer is at risk.");
    expect(told).not.toContain("emergency --");
    expect(desk.declared).toBe(declared);
    // What is there to be done about the good one is told as it would be done, and nothing is written.
    const dry = await run("--token-id", String(fresh), "--dry-run");
    expect(dry.code, dry.said).toBe(0);
    expect(dry.said).toContain(`  - A new token, generation "2026-12-02", is minted and tested.`);
    expect(dry.said).toContain(
      '  - It is stored in: field "credential" of 1Password item "GitLab Security Service - Architecture - Scanner"',
    );
    expect(dry.said).toContain(
      `  - Token ${fresh} of generation "2026-12-01" of account "scanner" is revoked, whoever`,
    );
    expect(dry.said).toContain("Nothing was done, and nothing written.");
    expect(dry.said).not.toMatch(/Merging|older token/);
    expect([kinds(dry.requests), desk.declared]).toEqual([[], declared]);
    // Without the state the token's mark says that this declaration is older than the last run.
    const blind = await health(["--stack", "sandbox"], { folder, environment });
    expect(blind.code, blind.stdout).toBe(3);
    expect(blind.stdout).toMatch(/^sandbox \(2026-12-02\)\n! scanner: generation 2026-12-01 has opened, and/);
    expect(blind.stdout).not.toMatch(/dead|mints another/);
    // As the nightly job does it: carried over, and nothing is left to do.
    const foreseen = await run("--carry-over", "--dry-run");
    expect([foreseen.code, foreseen.said, desk.declared]).toEqual([0, expect.stringMatching(/written\.\n$/), declared]);
    const carried = await run("--carry-over");
    expect(carried.said).toContain("Carried over into Pulumi.sandbox.yaml");
    expect([carried.code, carried.said]).toEqual([
      0,
      expect.stringContaining("The edit that declares it is not merged yet."),
    ]);
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

test("a run that could not revoke the token says so, and the next one, a day later, carries it on with the same new token", {
  timeout: 600_000,
}, async () => {
  const [hand, leaked] = await rotated();
  const declared = desk.declared;
  const calm = desk.sandbox.gitlab.inject({
    method: "DELETE",
    path: "/personal_access_tokens/",
    times: 99,
    fault: { kind: "server-error", status: 503 },
  });
  const failed = await run("--token-id", String(leaked));
  expect(failed.code, failed.said).toBe(10);
  expect(failed.said).toContain(`ALIVE: token ${leaked}`);
  expect(failed.said).toMatch(/Merge request !1: http/);
  const [, , fresh] = live(scanner);
  expect(live(scanner)).toEqual([hand, leaked, fresh]);
  calm();
  // Another job, another day, another clone.
  desk.declared = declared;
  desk.sandbox.clock.set("2026-12-02T09:00:00Z");
  const again = await run("--account", "scanner", "--generation", "2026-11-30");
  expect(again.code, again.said).toBe(0);
  // The pipelines had proven the new one in the first run: what holds up a revocation leaves no place untried.
  expect(kinds(failed.requests).at(-1)).toBe("run");
  expect(kinds(again.requests)).toEqual(["revoke"]);
  expect(live(scanner)).toEqual([hand, fresh]);
  expect(works(scanner)).toBe(true);
  expect(desk.declared).toContain('on: "2026-12-01"');
  expect(desk.sandbox.gitlab.state.projects.get("security/pat-rotation")?.mergeRequests).toHaveLength(1);

  // The one that took its place leaks as well, while the first merge request still waits.
  desk.declared = declared;
  const second = await run("--token-id", String(fresh));
  expect(second.code, second.said).toBe(0);
  expect(second.said).toMatch(/Merge request !2: http/);
  const [, request] = desk.sandbox.gitlab.state.projects.get("security/pat-rotation")?.mergeRequests ?? [];
  expect(request?.description).toMatch(/of generation .* as well: close the merge request of that/);
  const branch = encodeURIComponent(request?.sourceBranch ?? "");
  const held = await gitlabOf(desk.sandbox)("GET", `${project}/repository/files/Pulumi.sandbox.yaml?ref=${branch}`);
  expect(Buffer.from(held.body.content, "base64").toString()).toBe(desk.declared);
  expect(live(scanner)).not.toContain(fresh);
  expect(works(scanner)).toBe(true);
  // An older token that nothing uses any more needs no new one.
  const third = await run("--token-id", String(hand), "--no-merge-request");
  expect(third.code, third.said).toBe(0);
  expect(kinds(third.requests)).toEqual(["revoke"]);
  expect(live(scanner)).toHaveLength(1);
  const fourth = await run("--token-id", String(hand), "--no-merge-request");
  expect(fourth.code, fourth.said).toBe(0);
  expect(fourth.said).toContain("It is dead already.");
  expect(kinds(fourth.requests)).toEqual([]);
});

test("a pipeline that is red afterwards brings no leaked token back, and is told", { timeout: 600_000 }, async () => {
  const [hand, leaked] = await rotated();
  desk.sandbox.gitlab.armJob(scanner.project, scanner.job, { does: "fail" }, 1);
  const { code, said } = await run("--token-id", String(leaked), "--no-merge-request");
  expect(code, said).toBe(11);
  expect(said).toContain(`Dead: token ${leaked}`);
  expect(said).toContain("The run was red after that");
  expect(live(scanner)).toEqual([hand, live(scanner).at(-1)]);
});

test("while another run holds the stack it waits, and says so; then it goes on", { timeout: 600_000 }, async () => {
  const [, leaked] = await rotated();
  const unlock = desk.lock();
  const refused = await run("--token-id", String(leaked), "--wait", "0", "--no-merge-request");
  expect(refused.code, refused.said).toBe(12);
  expect(refused.said).toContain("Another run held the stack for all of the time");
  expect(kinds(refused.requests)).toEqual([]);
  expect(live(scanner)).toContain(leaked);
  heard = (text) => {
    if (text.includes("Another run holds the stack. Trying again.")) unlock();
  };
  const done = await run("--token-id", String(leaked), "--no-merge-request");
  expect(done.code, done.said).toBe(0);
  expect(done.said).toContain("Another run holds the stack. Trying again.");
  expect(live(scanner)).not.toContain(leaked);
});

test("what a leaked token became in somebody's hands dies with it, and what comes later is told", {
  timeout: 300_000,
}, async () => {
  await rotated();
  const [leaked = 0] = live(inventory);
  const { gitlab } = desk.sandbox;
  const rotate = async (id: number) => {
    const value = gitlab.liveTokens(inventory.username).find((token) => token.id === id)?.value ?? "";
    const url = `${gitlab.url}/api/v4/personal_access_tokens/self/rotate`;
    await fetch(url, { method: "POST", headers: { "PRIVATE-TOKEN": value } });
    return live(inventory).at(-1) ?? 0;
  };
  const stolen = await rotate(leaked);
  expect(live(inventory)).toEqual([stolen]);
  expect(stolen).not.toBe(leaked);
  const { code, said } = await run("--token-id", String(leaked));
  expect(code, said).toBe(0);
  expect(said).toContain("It is dead already.");
  const [fresh = 0, ...more] = live(inventory);
  expect(more).toEqual([]);
  expect(fresh).not.toBe(stolen);
  expect(works(inventory)).toBe(true);

  const userId = gitlab.state.userNamed(inventory.username)?.id ?? 0;
  const { id } = gitlab.state.tokens.issue({
    ...{ id: gitlab.state.nextId("token"), userId, name: "again", scopes: ["api"], expiresAt: "2027-01-01" },
    description: "[sandbox/inventory/2026-11-23]",
  });
  const again = await run("--token-id", String(leaked));
  expect(again.code, again.said).toBe(10);
  expect(again.said).toContain(`ALIVE: token ${id} bears the mark of generation "2026-11-23"`);
  // Followed to the letter while a declared place holds it, the advice harms nobody.
  const value = gitlab.liveTokens(inventory.username).find((token) => token.id === id)?.value ?? "";
  const [kept, path] = [
    variable(scanner) ?? "",
    `/projects/${encodeURIComponent(scanner.project)}/variables/GITLAB_API_TOKEN`,
  ];
  await gitlabOf(desk.sandbox)("PUT", path, { value });
  const held = await run("--token-id", String(id), "--revoke-undeclared");
  expect(held.code, held.said).toBe(10);
  expect(held.said).toContain(
    `Nothing was done: CI/CD variable "GITLAB_API_TOKEN" of project "${scanner.project}" (account "scanner") holds it, and would hold a dead`,
  );
  expect(live(inventory)).toEqual([fresh, id]);
  await gitlabOf(desk.sandbox)("PUT", path, { value: kept });
  expect((await run("--token-id", String(id), "--revoke-undeclared")).code).toBe(0);
  expect(live(inventory)).toEqual([fresh]);
});
