import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../rotation/declaration/settings";

/** What the SDK's type of an output leaves out. */
interface Inner {
  readonly isSecret: Promise<boolean>;
}

/**
 * Where a declaration holds what is no plain value. A schema that asks for plain values does not keep a program from giving a
 * secret or an output of another resource: those arrive as outputs, of which a preview may know nothing.
 */
export async function outputsIn(value: unknown, path: string): Promise<readonly Fault[]> {
  if (pulumi.Output.isInstance(value)) {
    const { isSecret } = value as unknown as Inner;
    return [(await isSecret) ? { path, ...secret } : { path, ...output }];
  }
  if (typeof value !== "object" || value === null) return [];
  const within = (key: string) => (Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`);
  const found = await Promise.all(Object.entries(value).map(([key, one]) => outputsIn(one, within(key))));
  return found.flat();
}

const secret = {
  found: "a secret",
  expected: "a plain value: what is declared stands in plans, notes and names. No secret belongs into a declaration",
};
const output = {
  found: "an output of another resource",
  expected:
    "a plain value, which is known before the run: the dates and the places of a rotation are told in a preview",
};
