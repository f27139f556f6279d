import { afterEach, describe, expect, test } from "vitest";
import { type Exchange, isWrite } from "../../../workshop/sandbox/traffic";
import { engines } from "../engines";
import { inventory, Situation, type SituationOptions, writes } from "../situation";

const accounts = ["config", "pat-rotation:accounts"];
const ours = ({ path }: { readonly path: string }) => !path.includes("tracker");

describe.each(engines)("what is written on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  async function start(options: SituationOptions = {}): Promise<void> {
    situation = await Situation.start(engine, { edit: (settings) => settings.deleteIn([...accounts, 1]), ...options });
  }

  test("a rotation writes the value and its expiry into an item, and the value alone into a variable", {
    timeout: 120_000,
  }, async () => {
    await start();
    const seen: Exchange[] = [];
    situation.sandbox.traffic.watch({ handled: (exchange) => void seen.push(exchange) });
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
    const value = situation.variable(inventory);
    const changes = seen.filter((one) => isWrite(one) && ours(one));
    const written = (method: string) => changes.filter((one) => one.method === method).map((one) => one.requestBody);
    const [item] = situation.sandbox.onepassword.items("Security", inventory.item);
    const idOf = (label: string) => item?.fields?.find((field) => field.label === label)?.id;
    expect(written("PATCH")).toEqual([
      [
        { op: "replace", path: `/fields/${idOf("credential")}/value`, value },
        { op: "replace", path: `/fields/${idOf("expires")}/value`, value: expect.stringMatching(/^\d+$/) },
      ],
    ]);
    expect(written("PUT")).toEqual([{ value }]);
    expect(item).toMatchObject({ category: "LOGIN", version: 4, tags: ["gitlab", "service account"] });
  });

  test("an account that is renamed keeps its token: nothing is minted, set, started or revoked", {
    timeout: 180_000,
  }, async () => {
    await start();
    expect((await situation.up()).code).toBe(0);
    const live = situation.live(inventory);
    situation.stack.configure((settings) => {
      settings.deleteIn([...accounts, 1]);
      settings.setIn([...accounts, 0, "name"], "builder");
      settings.setIn([...accounts, 0, "formerly"], "inventory");
    });
    const renamed = await situation.up();
    expect(renamed.code, renamed.output).toBe(0);
    expect(writes(renamed.requests.filter(ours))).toEqual([]);
    expect(situation.live(inventory)).toEqual(live);
    expect(situation.works(inventory)).toBe(true);
    const rest = await situation.up(["--expect-no-changes"]);
    expect(rest.code, rest.output).toBe(0);
  });

  test("both ways to 1Password, or a service account's token that is none: refused before anything is minted", {
    timeout: 180_000,
  }, async () => {
    const token = ["ops", "x".repeat(40)].join("_");
    const own = { OP_SERVICE_ACCOUNT_TOKEN: token };
    await start({ environment: ({ environment }) => ({ ...environment, ...own }) });
    const both = await situation.up();
    expect(both.code).not.toBe(0);
    expect(both.output).toContain("Unset OP_CONNECT_HOST and OP_CONNECT_TOKEN to use the service account");
    expect(writes(both.requests.filter(ours))).toEqual([]);
    await situation.stop();
    const alone = { ...own, OP_CONNECT_HOST: "", OP_CONNECT_TOKEN: "" };
    await start({ environment: ({ environment }) => ({ ...environment, ...alone }) });
    const wrong = await situation.up();
    expect(wrong.code).not.toBe(0);
    expect(wrong.output).toContain("the token in OP_SERVICE_ACCOUNT_TOKEN is not accepted");
    expect(wrong.output).not.toContain(token);
    expect(wrong.requests.filter(({ service }) => service === "onepassword")).toEqual([]);
    expect(situation.live(inventory)).toEqual([]);
  });
});
