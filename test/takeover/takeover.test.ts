import { afterEach, describe, expect, test } from "vitest";
import { type Document, parseDocument } from "yaml";
import type { LoggedRequest } from "../../workshop/sandbox/traffic";
import { engines } from "../e2e/engines";
import { username } from "../e2e/rotation/kinds";
import { Situation, scanner, writes } from "../e2e/situation";
import { type Fixture, type Name, read } from "./fixture";

let situation: Situation;

afterEach(async () => {
  expect(situation.leaks()).toEqual([]);
  await situation.stop();
});

/** The hand-made token of the scanner. */
const hand = 1202;
const revocation = `DELETE /api/v4/groups/security/service_accounts/202/personal_access_tokens/${hand}`;

/** What was minted, rotated, revoked, stored and started; issues, which people are told by, aside. */
function deeds(requests: readonly LoggedRequest[]): string[] {
  return writes(requests).filter((write) => !/\/issues(\/|$)/.test(write));
}

const declaring = (settings: string) => (document: Document) => {
  document.contents = parseDocument(settings).contents;
};

describe.each(engines)("a stack of earlier code on the $name", (engine) => {
  async function takeOver(name: Name, at: string): Promise<Fixture> {
    const fixture = read(name, engine);
    situation = await Situation.start(engine, { dump: fixture.dump, edit: declaring(fixture.settings) });
    situation.sandbox.clock.set(at);
    await situation.stack.restore(fixture.state);
    return fixture;
  }

  async function green() {
    const run = await situation.plainUp();
    expect(run.code, run.output).toBe(0);
    return run;
  }

  /** A run that touches no token, no place and no pipeline, and one that finds nothing to do. */
  async function restsTwice(): Promise<void> {
    expect(deeds((await green()).requests)).toEqual([]);
    await rests();
  }

  /** A run that finds nothing to do. */
  async function rests(): Promise<void> {
    const { code, output, requests } = await situation.plainUp(["--expect-no-changes"]);
    expect(code, output).toBe(0);
    expect(writes(requests)).toEqual([]);
  }

  test("at rest: rests", { timeout: 120_000 }, async () => {
    await takeOver("idle", "2026-12-08T06:30:00Z");
    await restsTwice();
    expect(situation.live(scanner)).toHaveLength(1);
    expect(situation.works(scanner)).toBe(true);
  });

  test.each([
    ["in overlap", "overlap", "2026-12-01T06:30:00Z", "2026-12-06T23:30:00Z", "2026-12-07T06:31:00Z"],
    // Since when all places held the token, that state does not tell: its overlap counts from the first look at them.
    ["in overlap, without a proof", "noProof", "2026-12-01T06:30:00Z", "2026-12-07T23:30:00Z", "2026-12-08T06:31:00Z"],
    [
      "in overlap after a late first run",
      "late",
      "2026-12-03T06:30:00Z",
      "2026-12-08T23:30:00Z",
      "2026-12-09T06:31:00Z",
    ],
  ] as const)(
    "%s: rests, and revokes the old token once, when the overlap is over",
    {
      timeout: 180_000,
    },
    async (_, name, next, last, over) => {
      await takeOver(name, next);
      await restsTwice();
      situation.sandbox.clock.set(last);
      expect(deeds((await green()).requests)).toEqual([]);
      expect(situation.live(scanner)).toContain(hand);
      situation.sandbox.clock.set(over);
      expect(deeds((await green()).requests)).toEqual([revocation]);
      expect(situation.live(scanner)).toHaveLength(1);
      expect(situation.works(scanner)).toBe(true);
      await rests();
    },
  );

  test("red and put back: sets the new token again, has it proven, and mints none", { timeout: 120_000 }, async () => {
    await takeOver("red", "2026-12-01T06:30:00Z");
    const [old, fresh] = situation.sandbox.gitlab.liveTokens(scanner.username);
    expect([situation.variable(scanner), situation.item(scanner)]).toEqual([old?.value, old?.value]);
    const { requests } = await green();
    const [place, other, started, ...more] = deeds(requests);
    expect([place, other].sort()).toEqual([
      expect.stringMatching(/^PATCH \/v1\/vaults\/\w+\/items\/\w+$/),
      "PUT /api/v4/projects/security/scanner/variables/GITLAB_API_TOKEN",
    ]);
    expect(started).toMatch(/^POST \/api\/v4\/projects\/.*\/pipeline_schedules\/\d+\/play$/);
    expect(more).toEqual([]);
    expect(situation.variable(scanner)).toBe(fresh?.value);
    expect(situation.item(scanner)).toBe(fresh?.value);
    expect(situation.live(scanner)).toEqual([old?.id, fresh?.id]);
    await rests();
  });

  test("given up after three attempts: stays red, and the places keep the old token", {
    timeout: 120_000,
  }, async () => {
    const { settings } = await takeOver("givenUp", "2026-12-03T06:30:00Z");
    // The old token lives for eleven more days.
    situation.stack.configure((document) => {
      declaring(settings)(document);
      document.setIn(["config", "pat-rotation:accounts", 1, "rotation", "marginDays"], 7);
    });
    const [old, fresh] = situation.sandbox.gitlab.liveTokens(scanner.username);
    for (const _ of ["first", "second"]) {
      const { code, requests } = await situation.plainUp();
      expect(code).not.toBe(0);
      expect(deeds(requests)).toEqual([]);
    }
    expect([situation.variable(scanner), situation.item(scanner)]).toEqual([old?.value, old?.value]);
    expect(situation.live(scanner)).toEqual([old?.id, fresh?.id]);
  });

  test("given up, and the old token dies within the margin: the places hold the new one, which lives on", {
    timeout: 120_000,
  }, async () => {
    await takeOver("givenUp", "2026-12-03T06:30:00Z");
    const [old, fresh] = situation.sandbox.gitlab.liveTokens(scanner.username);
    expect((await situation.plainUp()).code).not.toBe(0);
    expect([situation.variable(scanner), situation.item(scanner)]).toEqual([fresh?.value, fresh?.value]);
    expect(situation.live(scanner)).toEqual([old?.id, fresh?.id]);
    const { code, requests } = await situation.plainUp();
    expect(code).not.toBe(0);
    expect(deeds(requests)).toEqual([]);
  });

  test("of a token that rotated itself: rests", { timeout: 120_000 }, async () => {
    await takeOver("self", "2026-11-24T06:30:00Z");
    const before = situation.sandbox.gitlab.liveTokens(username("self"));
    await restsTwice();
    expect(situation.sandbox.gitlab.liveTokens(username("self"))).toEqual(before);
    expect(before).toHaveLength(1);
    expect(situation.sandbox.gitlab.variable("security/self", "TOKEN")).toBe(before[0]?.value);
  });

  test("after an emergency: undoes nothing before it is merged, and rests when it is", {
    timeout: 120_000,
  }, async () => {
    const { merged = "" } = await takeOver("emergency", "2026-12-02T06:30:00Z");
    const before = situation.live(scanner);
    expect(before).toHaveLength(2);
    for (const _ of ["first", "second"]) expect(deeds((await situation.plainUp()).requests)).toEqual([]);
    situation.stack.configure(declaring(merged));
    await restsTwice();
    expect(situation.live(scanner)).toEqual(before);
    expect(situation.works(scanner)).toBe(true);
  });
});
