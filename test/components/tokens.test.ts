import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { firstFault, stopOf, type TokenInUse } from "../../components/tokens";

function token(fault: string, value: string | undefined): TokenInUse {
  return { fault: pulumi.output(fault), token: pulumi.secret(value) } as unknown as TokenInUse;
}

async function known(output: pulumi.Output<string>): Promise<[string, boolean]> {
  return [await new Promise<string>((resolve) => output.apply(resolve)), await pulumi.isSecret(output)];
}

test("what stops the steps after a token is no secret, although its value is one: every step tells it", async () => {
  expect(await known(stopOf(token("refused", "value"), "Generation"))).toEqual(["refused", false]);
  expect(await known(stopOf(token("", "value"), "Generation"))).toEqual(["", false]);
  expect(await known(stopOf(token("", undefined), "Generation"))).toEqual([
    expect.stringContaining("Generation: the value of its token is not in the state"),
    false,
  ]);
});

test("a fault that an earlier version kept as a secret is told", async () => {
  expect(await known(firstFault([{ fault: pulumi.secret("refused") }]))).toEqual(["refused", false]);
});
