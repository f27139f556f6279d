import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { messageOf } from "../../../clients/http/errors";
import { toFault } from "../../../providers/host/errors";
import { Secrets } from "../../../providers/host/secrets";

test("an error leaves without secrets, and with nothing that hides, turns its text or commands a terminal", () => {
  const secrets = new Secrets({ GITLAB_TOKEN: "our-own\u202etoken" });
  const error = new Error('setting "S\u202eecret\u001b[2J" with our-own\u202etoken:\n  it is\u200b <{%fg 9%}>red');
  expect(toFault(error, secrets)).toEqual({
    code: status.UNKNOWN,
    details: 'setting "S ecret [2J" with [secret]:\n  it is  < {%fg 9%}>red',
  });
});

test("what a server says of a refusal is one line that hides nothing", () => {
  expect(messageOf({ message: { base: ["a\u202eb\nc", "d\u2066e"] }, error: "f\u0007" })).toBe("a b c, d e: f ");
});
