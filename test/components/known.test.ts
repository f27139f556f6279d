import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import { known, optional } from "../../components/known";

class Token extends pulumi.CustomResource {
  declare readonly status: pulumi.Output<string>;
  declare readonly swept: pulumi.Output<boolean>;

  constructor(name: string) {
    super("test:index:Token", name, { status: undefined, swept: undefined });
  }
}

/** A preview in which the resource has these outputs. */
function preview(state: object): Promise<void> {
  const mocks = { call: () => ({}), newResource: ({ name }: pulumi.runtime.MockResourceArgs) => ({ id: name, state }) };
  return Promise.resolve(pulumi.runtime.setMocks(mocks, "project", "stack", true));
}

const of = <T>(output: pulumi.Output<T>) =>
  output as unknown as { isKnown: Promise<boolean>; isSecret: Promise<boolean>; allResources(): Promise<Set<unknown>> };

beforeEach(() => preview({ status: "live" }));

test("what a resource lacks is known in a preview as soon as one is known that it never lacks", async () => {
  const token = new Token("one");
  expect(await of(token.swept).isKnown).toBe(false);
  expect(await of(optional(token.swept, token.status)).isKnown).toBe(true);
  expect(await known(optional(token.swept, token.status))).toBeUndefined();
});

test("it is not known while the resource is not", async () => {
  await preview({});
  const token = new Token("two");
  expect(await of(optional(token.swept, token.status)).isKnown).toBe(false);
});

test("what it has stays what it is: its value, secret, and of its resource", async () => {
  const token = new Token("three");
  const value = optional(pulumi.secret(token.status), token.status);
  expect(await known(value)).toBe("live");
  expect(await of(value).isSecret).toBe(true);
  expect([...(await of(value).allResources.call(value))]).toEqual([token]);
  expect(await of(optional(token.swept, token.status)).isSecret).toBe(false);
});
