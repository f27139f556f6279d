import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import type { Account } from "../../components/account";
import { Accounts, standing } from "../../program/accounts";
import { account } from "../rotation/declarations";

const names = ["one", "two", "three", "four", "five"];
const declarations = names.map((name) => account({ name }));

let made: string[];
let ends: Map<string, (fault: string) => void>;
let accounts: Accounts;

beforeEach(async () => {
  await pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ name }) => ({ id: name, state: {} }) });
  made = [];
  ends = new Map();
  accounts = new Accounts(declarations, ({ name }) => {
    made.push(name);
    const fault = pulumi.output(new Promise<string>((fulfil) => ends.set(name, fulfil)));
    return { fault, state: fault.apply(() => undefined) } as unknown as Account;
  });
});

const turn = () => new Promise(setImmediate);
const end = async (name: string) => {
  ends.get(name)?.("");
  await turn();
};

test("no more are made at a time than are asked for, and the next one as soon as any has ended", async () => {
  void accounts.start(2);
  expect(made).toEqual(["one", "two"]);
  await end("two");
  expect(made).toEqual(["one", "two", "three"]);
  await end("three");
  await end("one");
  expect(made).toEqual(names);
});

test("who looks at each is told of it in the order of the declarations, whichever ended first", async () => {
  const faults = Promise.all(accounts.each(async ({ declaration }) => declaration.name));
  void accounts.start(5);
  for (const name of [...names].reverse()) await end(name);
  expect(await faults).toEqual(names);
});

test("one is not over before everybody has looked at it, and who fails to holds up none", async () => {
  let seen: () => void = () => undefined;
  const looks = accounts.each(async ({ declaration: { name } }) => {
    if (name === "one") await new Promise<void>((fulfil) => (seen = fulfil));
    if (name === "two") throw new Error("looking failed");
    return name;
  });
  const caught = Promise.allSettled(looks);
  void accounts.start(1);
  await end("one");
  expect(made).toEqual(["one"]);
  seen();
  await turn();
  for (const name of names) await end(name);
  expect((await caught).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
});

test("as many wait for their proofs as the engine works on, and never fewer than 64", async () => {
  const many = Array.from({ length: 100 }, (_, at) => account({ name: `account-${at}` }));
  const start = (parallel: string) => {
    let count = 0;
    const waiting = new Accounts(many, () => {
      count += 1;
      const never = pulumi.output(new Promise<string>(() => undefined));
      return { fault: never, state: never } as unknown as Account;
    });
    process.env.PULUMI_NODEJS_PARALLEL = parallel;
    void waiting.start();
    delete process.env.PULUMI_NODEJS_PARALLEL;
    return count;
  };
  expect([start("8"), start("80"), start("1000"), start("")]).toEqual([64, 80, 100, 100]);
});

test("an account that is known stands in the outputs as a value, one that is not as an output", async () => {
  const state = pulumi.output({ generation: "2026-11-23" }) as unknown as Account["state"];
  expect(await standing({ state, fault: pulumi.output("") })).toEqual({ generation: "2026-11-23" });
  expect(await standing({ state, fault: pulumi.output("refused") })).toEqual({
    generation: "2026-11-23",
    failed: "refused",
  });
  expect(pulumi.Output.isInstance(await standing({ state: pulumi.secret(state), fault: pulumi.output("") }))).toBe(
    true,
  );
  const failed = pulumi.output(Promise.reject(new Error("no data"))) as unknown as Account["state"];
  expect(await standing({ state: failed, fault: pulumi.output("") })).toBe("failed: see the errors of the run");
});
