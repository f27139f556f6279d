import { expect, test } from "vitest";
import { EngineOutput, type Said } from "../../../workshop/demo/engineOutput";

function told(output: string): readonly Said[] {
  const all: Said[] = [];
  const lines = new EngineOutput((said) => all.push(said));
  for (const character of output) lines.take(character);
  lines.end();
  return all;
}

test("the embedded engine's lines become steps, messages, errors and a summary, each once", () => {
  expect(
    told(`Updating (sandbox):

 +  pulumi:pulumi:Stack pat-rotation-sandbox created (0.08s)
 +  pat-rotation:index:Account inventory created (0.07s)
    runbook:index:PersonalAccessToken scanner-adopted token 1202 was found in CI/CD variable "A"
 ~  gitlab:index/projectVariable:ProjectVariable inventory-a b-KEY updated (0.12s) [diff: ~value]
    runbook:index:PipelineProof inventory schedule "Weekly" of "a/b": running, http://127.0.0.1/a/b/-/pipelines/1
 ~  runbook:index:PipelineProof inventory **updating failed** [diff: ~token]
    runbook:index:PipelineProof inventory error: 1 error occurred:
Diagnostics:
  runbook:index:PersonalAccessToken (scanner-adopted):
    token 1202 was found in CI/CD variable "A"

  runbook:index:PipelineProof (inventory):
    error: 1 error occurred:
    	* proving generation "2026-12-14" failed
    What to do: mend it

Outputs:
    rotations: {}

Resources:
    + 1 created
    ~ 5 updated
    6 changes. 10 unchanged
    2 errored
`),
  ).toEqual([
    { kind: "message", text: 'token 1202 was found in CI/CD variable "A"' },
    { kind: "step", sign: "~", type: "gitlab:ProjectVariable", name: "inventory-a b-KEY", what: "updated" },
    { kind: "message", text: 'schedule "Weekly" of "a/b": running, http://127.0.0.1/a/b/-/pipelines/1' },
    { kind: "step", sign: "~", type: "runbook:PipelineProof", name: "inventory", what: "updating failed" },
    { kind: "error", text: 'proving generation "2026-12-14" failed' },
    { kind: "error", text: "What to do: mend it" },
    { kind: "summary", text: "1 created, 5 updated, 10 unchanged, 2 errored" },
  ]);
});

test("the CLI's lines, which hold progress and step in one, become the same", () => {
  expect(
    told(`@ updating....
 +  runbook:index:PipelineProof inventory creating (0s)
 +  runbook:index:PipelineProof inventory creating (0s) schedule "Weekly" of "a/b": running, http://127.0.0.1/1
 +  runbook:index:PipelineProof inventory created (1s) schedule "Weekly" of "a/b": running, http://127.0.0.1/1
 ~  runbook:index:PipelineProof other updating (0s) [diff: ~token]; schedule "Daily" of "a/c": running, http://127.0.0.1/2
 ~  runbook:index:PipelineProof other **updating failed** [diff: ~token]; error: 1 error occurred:
    pulumi:pulumi:Stack pat-rotation-sandbox **failed** 1 error
Resources:
    + 12 to create
`),
  ).toEqual([
    { kind: "message", text: 'schedule "Weekly" of "a/b": running, http://127.0.0.1/1' },
    { kind: "step", sign: "+", type: "runbook:PipelineProof", name: "inventory", what: "created" },
    { kind: "message", text: 'schedule "Daily" of "a/c": running, http://127.0.0.1/2' },
    { kind: "step", sign: "~", type: "runbook:PipelineProof", name: "other", what: "updating failed" },
    { kind: "summary", text: "12 to create" },
  ]);
});

test("what the program tells is passed on line for line: columns, colours, empty lines, and what occurred before", () => {
  const date = "\u001b[38;5;3mtoday\u001b[0m      \u001b[1minventory\u001b[0m  new token";
  const said = told(`Previewing update (sandbox):

 +  pulumi:pulumi:Stack pat-rotation-sandbox create Mon 23 Nov 2026: this run mints 1 token.
Diagnostics:
  pulumi:pulumi:Stack (pat-rotation-sandbox):
    Mon 23 Nov 2026: this run mints 1 token.
    
    Calendar
      ${date}
                       in 1Password
      ${date}
                       in 1Password

Resources:
    + 1 to create
`);
  expect(said).toEqual([
    ...[
      "Mon 23 Nov 2026: this run mints 1 token.",
      "",
      "Calendar",
      `  ${date}`,
      "                   in 1Password",
      `  ${date}`,
      "                   in 1Password",
    ].map((text) => ({ kind: "report", text })),
    { kind: "summary", text: "1 to create" },
  ]);
});
