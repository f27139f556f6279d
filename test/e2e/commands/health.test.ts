import { afterEach, describe, expect, test } from "vitest";
import type { Token } from "../../../workshop/sandbox/gitlab/tokens";
import type { LoggedRequest } from "../../../workshop/sandbox/traffic";
import { engines } from "../engines";
import { inventory, Situation, type SituationOptions, type Subject, scanner, writes } from "../situation";

describe.each(engines)("what GitLab says of the tokens, on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  /** Both accounts with a token of their own, and a stack that asks for health. */
  async function rotated(options: SituationOptions = {}): Promise<void> {
    situation = await Situation.start(engine, {
      ...options,
      edit: (settings) => settings.setIn(["config", "pat-rotation:health"], true),
    });
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
    situation.sandbox.clock.set("2026-12-01T06:30:00Z");
  }

  /** A token that somebody makes by hand for an account. */
  function handMade({ username }: Subject): Token {
    const { state } = situation.sandbox.gitlab;
    const userId = state.userNamed(username)?.id ?? 0;
    const made = { name: "debugging", description: null, scopes: ["api"], expiresAt: "2027-01-01" };
    return state.tokens.issue({ ...made, id: state.nextId("token"), userId });
  }

  /** The newest live token of an account. */
  function newest({ username }: Subject): Token {
    const token = situation.sandbox.gitlab.liveTokens(username).at(-1);
    if (token === undefined) throw new Error(`${username} has no live token`);
    return token;
  }

  test("a monitor is told when tokens die, of what is held and of the proof, as the state has it", async () => {
    situation = await Situation.start(engine);
    situation.sandbox.clock.set("2026-11-23T06:30:00Z");
    expect((await situation.up()).code).toBe(0);
    situation.sandbox.clock.set("2026-12-14T06:30:00Z");
    expect((await situation.up()).code).toBe(0);
    const { code, stdout } = await situation.stack.health(["--format", "openmetrics"]);
    situation.printed += stdout;
    const told = new Map(
      stdout.split("\n").flatMap((line) => {
        const [, name = "", value] = /^pat_rotation_(.*) (\S+)$/.exec(line) ?? [];
        return value === undefined || line.startsWith("#") ? [] : [[name.replace('stack="sandbox",', ""), value]];
      }),
    );
    expect([code, told.get('token_alive{account="inventory",generation="2026-12-14"}')], stdout).toEqual([0, "1"]);
    const expiry = told.get('token_expiry_timestamp_seconds{account="inventory",generation="2026-12-14"}');
    expect(expiry).toBe(String(Date.UTC(2027, 11, 14) / 1000));
    const proved = Number(told.get('last_proof_timestamp_seconds{account="inventory",generation="2026-12-14"}'));
    expect(proved - Date.UTC(2026, 11, 14, 6, 30) / 1000).toBeLessThan(600);
    expect(told.get('rotation_late{account="scanner"}')).toBe("0");
    expect(told.get('credential_expiry_timestamp_seconds{variable="GITLAB_TOKEN"}')).toBe(
      String(Date.UTC(2027, 1, 21) / 1000),
    );
    expect([...told.keys()].some((name) => name.startsWith("last_run_timestamp_seconds"))).toBe(true);
  });

  test("a token revoked by hand is told by preview, and replaced and proven by up without a refresh", {
    timeout: 240_000,
  }, async () => {
    await rotated();
    const nothing = await situation.preview(["--expect-no-changes"]);
    expect(nothing.code, nothing.output).toBe(0);
    expect(asked(nothing.requests).sort()).toEqual([
      "GET groups/security",
      "GET groups/security/service_accounts/*/personal_access_tokens",
      "GET groups/security/service_accounts/*/personal_access_tokens",
      "GET personal_access_tokens/self",
      "GET user",
    ]);
    expect(nothing.output).toContain("Tue 1 Dec 2026: nothing to do for any of the 2 accounts.");
    expect(nothing.output).toMatch(/Mon 14 Dec 2026 {2}in 13 days {2}inventory {2}new token {4}2026-12-14/);
    const alive = newest(inventory);
    expect(nothing.output).toMatch(new RegExp(`inventory {2}2026-11-23 {4}${alive.id} +alive {5}Tue 23 Nov 2027 `));
    expect(nothing.output).not.toContain("not declared");
    expect(nothing.output).toContain('token 1001 "owner" of security-rotation (api), dies on Sun 21 Feb 2027');
    const revoked = newest(inventory);
    revoked.revoked = true;
    const preview = await situation.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).toMatch(/inventory {2}2026-11-23 {14}dead/);
    expect(preview.output).toContain("inventory: the token in use is dead: generation 2026-11-23.");
    expect(preview.output).toContain("mints 2026-11-23 anew, since no token of it lives");
    expect(writes(preview.requests)).toEqual([]);
    const stranger = handMade(inventory);
    expect(preview.requests).toHaveLength(5);
    const up = await situation.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).toContain(
      `inventory: token ${stranger.id} "debugging" (scopes api; expires Fri 1 Jan 2027; never used)`,
    );
    expect(newest(inventory).id).not.toBe(revoked.id);
    expect(situation.variable(inventory)).toBe(newest(inventory).value);
    expect(situation.works(inventory)).toBe(true);
    // One of each account; and one before the mint, for a token that an earlier run made and did not come to know.
    expect(asked(up.requests).filter((request) => /^GET .*personal_access_tokens$/.test(request))).toHaveLength(3);
    expect(writes(up.requests).filter((request) => /\/play$/.test(request))).toHaveLength(1);
    const after = await situation.up(["--expect-no-changes"]);
    expect(after.code, after.output).toBe(0);
    // The lists of the two accounts, and our own credential.
    expect(after.requests).toHaveLength(3);
    expect(situation.works(scanner)).toBe(true);
  });

  test("a group that refuses legacy tokens from a day on: preview names the day and the accounts", {
    timeout: 240_000,
  }, async () => {
    await rotated({ limits: { version: "19.6" } });
    situation.sandbox.gitlab.state.enforcement = { groups: { security: "2027-03-01" } };
    const preview = await situation.preview();
    expect(preview.code, preview.output).toBe(0);
    for (const name of ["inventory", "scanner"])
      expect(preview.output.replace(/\s+/g, " ")).toContain(
        `${name}: From Mon 1 Mar 2027 on, in 90 days, legacy tokens are refused`,
      );
    const up = await situation.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).not.toContain("legacy tokens");
  });

  test("lists that name no token have nothing minted, revoked or forgotten", { timeout: 400_000 }, async () => {
    await rotated();
    const [hand = 0, current = 0] = situation.live(scanner);
    const used = situation.live(inventory);
    const { tokens } = situation.sandbox.gitlab.state;
    let away: readonly Token[] = [];
    const isList = ({ method, path }: LoggedRequest) => method === "GET" && path.endsWith("/personal_access_tokens");
    const unwatch = situation.sandbox.traffic.watch({
      before: (request) => {
        if (!isList(request)) return;
        away = [hand, current, ...used].flatMap((id) => tokens.byId(id) ?? []).filter(({ revoked }) => !revoked);
        for (const token of away) token.revoked = true;
      },
      handled: (request) => {
        if (isList(request)) for (const token of away) token.revoked = false;
      },
    });
    const unlisted = await situation.up();
    expect(unlisted.code, unlisted.output).toBe(0);
    expect(writes(unlisted.requests)).toEqual([]);
    expect(unlisted.output).toContain(`did not list its token ${current} as alive, yet it works: it is kept`);
    expect((await situation.refresh()).code).toBe(0);
    situation.sandbox.clock.set("2026-12-08T06:30:00Z");
    const held = await situation.up();
    expect(held.code, held.output).toBe(0);
    expect(writes(held.requests)).toEqual([]);
    unwatch();
    expect(situation.live(scanner)).toEqual([hand, current]);
    expect(situation.live(inventory)).toEqual(used);
    const listed = await situation.up();
    expect(listed.code, listed.output).toBe(0);
    // Trying it counted as its use.
    expect(JSON.stringify((await situation.stack.outputs()).rotations)).toContain("it was last used at 2026-12-08");
    expect(situation.live(scanner)).toEqual([hand, current]);
    expect(situation.works(scanner)).toBe(true);
    expect(situation.works(inventory)).toBe(true);
  });

  test("where one account's tokens may not be listed, that is told, and the others are looked after", {
    timeout: 240_000,
  }, async () => {
    await rotated();
    newest(inventory).revoked = true;
    const path = `service_accounts/${newest(scanner).userId}/personal_access_tokens`;
    situation.sandbox.traffic.inject({ fault: { kind: "server-error", status: 403 }, path, times: 100 });
    const preview = await situation.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).toContain("- scanner: its tokens could not be listed: GET");
    expect(preview.output).toContain("inventory: the token in use is dead");
    const up = await situation.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).toContain("scanner: its tokens could not be listed: GET ");
    expect(situation.works(inventory)).toBe(true);
    expect(situation.works(scanner)).toBe(true);
    expect(writes(up.requests).filter((request) => request.includes(scanner.project))).toEqual([]);
  });

  test("an account that fails while health is asked for still ends the run red, and nothing of it is deleted", {
    timeout: 240_000,
  }, async () => {
    await rotated();
    const held = situation.live(inventory);
    situation.stack.configure((settings) => {
      settings.setIn(["config", "pat-rotation:health"], true);
      settings.setIn(["config", "pat-rotation:accounts", 0, "onePassword", 0, "vault"], "Nowhere");
    });
    const preview = await situation.preview();
    expect(preview.output).toContain('"Nowhere"');
    const up = await situation.up();
    expect(up.code, up.output).not.toBe(0);
    expect(up.output).toContain("1 account failed, which held up no other");
    expect(up.output).not.toMatch(/\bdelet(?:ed|ing)\b(?! in this run)/);
    expect(writes(up.requests)).toEqual([]);
    expect(situation.live(inventory)).toEqual(held);
  });
});

/** Requests below the API, ids left out. */
function asked(requests: readonly LoggedRequest[]): string[] {
  return requests.map(({ method, path }) => {
    const below = decodeURIComponent(path).replace(/^\/api\/v4\//, "");
    return `${method} ${below.replace(/\d+/g, "*")}`;
  });
}
