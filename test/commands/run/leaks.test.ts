import { expect, test } from "vitest";
import { refuseLeaks } from "../../../commands/run/leaks";
import { type Engine, embeddedEngine } from "../../../engines/engine";

const cli: Engine = { name: "Pulumi CLI v3", embedded: false, command: ["pulumi"] };

const refusal = (command: string, flags: readonly string[], environment: NodeJS.ProcessEnv = {}): string => {
  try {
    refuseLeaks(cli, command, flags, environment);
    return "";
  } catch (cause) {
    return (cause as Error).message;
  }
};

test.each([
  ["--debug", "--debug"],
  ["-d", "--debug"],
  ["-yd", "--debug"],
  ["-fyd", "--debug"],
  ["-yj", "--json"],
  ["--json=true", "--json"],
  ["-v=3", "--verbose"],
  ["-v9", "--verbose"],
  ["-v 11", "--verbose"],
  ["-yv 4", "--verbose"],
  ["-ydv=1", "--debug"],
  ["--verbose=3", "--verbose"],
  ["--verbose 0x9", "--verbose"],
  ["--logflow", "--logflow"],
  ["--tracing=file:trace", "--tracing"],
  ["--tracing file:trace", "--tracing"],
  ["--otel-traces file://trace", "--otel-traces"],
  ["--attach-debugger", "--attach-debugger"],
  ["--diff --show-secrets", "--show-secrets"],
  ["-C=. -d", "--debug"],
])("up %s is refused, with what to do instead", (flags, named) => {
  expect(refusal("up", flags.split(" "))).toMatch(
    new RegExp(`^"up ${named}" is refused: the Pulumi CLI v3 would print the values of tokens\\. Leave`),
  );
});

test.each([
  ["up", "--yes --diff -s dev"],
  ["up", "-sdev -mdone -pd -y"],
  ["up", "--debug=false -d=0 --json=F"],
  ["up", "-v=2 --verbose 1 --logtostderr -v0"],
  ["up", "--yes -- -d"],
  ["preview", "--json"],
  ["preview", "-j"],
  ["refresh", "--tracing="],
])("%s %s is not refused", (command, flags) => {
  expect(refusal(command, flags.split(" "))).toBe("");
});

test.each([
  ["PULUMI_OPTION_DEBUG", "true"],
  ["PULUMI_OPTION_VERBOSE", "9"],
  ["PULUMI_OPTION_LOGFLOW", "1"],
  ["PULUMI_OPTION_TRACING", "file:trace"],
  ["PULUMI_OPTION_OTEL_TRACES", "file://trace"],
  ["PULUMI_OPTION_ATTACH_DEBUGGER", "all"],
  ["PULUMI_OPTION_JSON", "true"],
  ["PULUMI_OPTION_SHOW_SECRETS", "true"],
  ["PULUMI_DEBUG_GRPC", "log.json"],
  ["PULUMI_LOG_OTLP_ENDPOINT", "127.0.0.1:4317"],
])("%s=%s in the environment is refused as the flag is", (name, value) => {
  expect(refusal("up", [], { [name]: value })).toMatch(
    new RegExp(`^"${name}" is refused: the Pulumi CLI v3 would print the values of tokens\\. Unset that variable\\.`),
  );
  expect(refusal("up", [], { [name]: "" })).toBe("");
});

test("a variable that says no, and one that a preview may have, are not refused", () => {
  expect(refusal("up", [], { PULUMI_OPTION_DEBUG: "false", PULUMI_OPTION_VERBOSE: "0" })).toBe("");
  expect(refusal("preview", [], { PULUMI_OPTION_JSON: "true" })).toBe("");
});

test("the embedded engine has none of these", () => {
  expect(() => {
    refuseLeaks(embeddedEngine, "up", ["--json"], { PULUMI_DEBUG_GRPC: "log" });
  }).not.toThrow();
});
