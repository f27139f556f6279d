import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import * as runbook from "../../components/runbook";

const registered: { name: string; type: string; inputs: Record<string, unknown> }[] = [];
const called: { token: string; inputs: Record<string, unknown> }[] = [];

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, type, inputs }) => {
      registered.push({ name, type, inputs });
      return { id: name, state: { ...inputs, status: "passed", runs: [] } };
    },
    call: ({ token, inputs }) => {
      called.push({ token, inputs });
      return { tokens: [{ id: 7, name: "inventory", scopes: ["api"] }] };
    },
  }),
);

const proof = {
  account: "inventory",
  generation: "2026-11-23",
  tokenId: 7,
  token: "the value",
  consumers: [],
  pipelines: [],
};

test("a default stands for what is left out, a secret goes out as one, and nothing is sent for what else was not given", async () => {
  const made = new runbook.PipelineProof("defaults", { ...proof, maxAttempts: pulumi.output(undefined) });
  await settled(made.urn);
  expect(registered.find(({ name }) => name === "defaults")).toEqual({
    name: "defaults",
    type: "runbook:index:PipelineProof",
    inputs: { ...proof, token: secretOf("the value"), marginDays: 14 },
  });
});

test("an input that is secret is one on the resource as well; others are not", async () => {
  const made = new runbook.PipelineProof("secrets", proof);
  const inputs = made as unknown as Record<"token" | "previousToken", pulumi.Output<unknown>>;
  expect(await pulumi.isSecret(inputs.token)).toBe(true);
  expect(await pulumi.isSecret(inputs.previousToken)).toBe(false);
  expect(await pulumi.isSecret(made.tokenId)).toBe(false);
});

test("what the provider adds is there as an output", async () => {
  const made = new runbook.PipelineProof("outputs", proof);
  const status: pulumi.Output<string> = made.status;
  expect(await settled(status)).toBe("passed");
});

test("a required input that is missing at run time is named", () => {
  const { token: _token, ...rest } = proof;
  // @ts-expect-error A required input is missing.
  expect(() => new runbook.PipelineProof("incomplete", rest)).toThrow(
    'Declaring "incomplete": the property "token" is missing; it is required.',
  );
});

test("a misspelt input, one of another type and an output that is not there are errors of types", () => {
  const mistakes = () => {
    // @ts-expect-error It is called waitMinutes.
    new runbook.PipelineProof("", { ...proof, pipelines: [{ project: "a", waitminutes: 3 }] });
    // @ts-expect-error It is called markedBy.
    new runbook.PipelineProof("", { ...proof, markedby: "" });
    // @ts-expect-error It is a number.
    new runbook.PipelineProof("", { ...proof, tokenId: "7" });
    // @ts-expect-error It is no output.
    return new runbook.PipelineProof("", proof).token;
  };
  expect(mistakes).toBeInstanceOf(Function);
});

test("a function is called by its token, and what may be left out is", async () => {
  const { tokens } = await runbook.getTokens({ group: "security", userId: 42 });
  expect(tokens.map(({ id }) => id)).toEqual([7]);
  await runbook.getDeeds();
  expect(called).toEqual([
    { token: "runbook:index:getTokens", inputs: { group: "security", userId: 42 } },
    { token: "runbook:index:getDeeds", inputs: {} },
  ]);
});

/** As the engine is sent it. */
function secretOf(value: string) {
  return { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value };
}

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value as T)));
}
