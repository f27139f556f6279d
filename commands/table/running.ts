import { type Command, type Flags, type Runner, shared } from "./command";

const own = {
  stack: {
    type: "string",
    short: "s",
    value: "<name>",
    told: "the stack (default: the one that is selected)",
    completes: "stack",
  },
  full: {
    type: "boolean",
    told: "with the stack's outputs, which are for programs; status tells people how things stand",
  },
  "no-other-run-is-alive": { type: "boolean", told: "clear the lock that a killed run left, and run" },
  "only-if-pending": { type: "boolean", told: "only where a stopped run left something pending" },
  trace: {
    type: "boolean",
    value: "[=<file>]",
    told: "tell each request of the run, without a secret: time, method, path, status, duration",
  },
  engine: {
    type: "string",
    value: "embedded",
    choices: ["embedded"],
    told: "the embedded engine, which is meant for trials (default: the Pulumi CLI; where there is none, the embedded one for the sandbox alone)",
  },
  help: shared.help,
} as const satisfies Flags;

const handsOn = (command: string): string => `pulumi ${command}`;

/** What is the same of all that an engine does. */
const engine = { caller: "people", flags: own, exits: ["busy"] } as const;

function load(command: string): () => Promise<Runner> {
  return async () => {
    const { runProject } = await import("../run.js");
    return (args) => runProject(command, args);
  };
}

/** `preview`: what a run would do. */
export const previewCommand = {
  ...engine,
  name: "preview",
  summary: "asks the servers what a run would do, and would fail of; changes nothing",
  about: [
    "Runs the project on the Pulumi CLI without changing anything: what an update would do, and of what it would fail.",
  ],
  examples: [["preview --stack prod", "before a merge is approved"]],
  foot: ["Ends with 1 where an account would fail."],
  handsOn: handsOn("preview"),
  /** Loads what it does. */
  load: load("preview"),
} as const satisfies Command;

/** `up`: a run. */
export const upCommand = {
  ...engine,
  name: "up",
  summary: "a run: mints, stores, proves and revokes what is due",
  about: [
    "Runs the project on the Pulumi CLI, with the flags that it needs: one account that fails holds up no other, and waiting pipelines do not stall the rest.",
  ],
  examples: [
    ["up --stack prod --yes", "a run, without a question"],
    ["up --stack prod --yes --no-other-run-is-alive", "after a run that was killed"],
  ],
  foot: ["Ends with 1 where an account failed; the others are done all the same."],
  handsOn: handsOn("up"),
  /** Loads what it does. */
  load: load("up"),
} as const satisfies Command;

/** `refresh`: the state after the servers. */
export const refreshCommand = {
  ...engine,
  name: "refresh",
  summary: "has the state follow what the servers hold",
  about: ["Has the state follow what the servers hold. No token is minted, stored or revoked."],
  examples: [["refresh --stack prod --yes --clear-pending-creates", "once what a killed run left has been carried on"]],
  handsOn: handsOn("refresh"),
  /** Loads what it does. */
  load: load("refresh"),
} as const satisfies Command;

/** `destroy`: the end of a stack. */
export const destroyCommand = {
  ...engine,
  name: "destroy",
  summary: "takes a stack down; tokens that live are refused, unless an account says onRemoval",
  about: [
    "Takes a stack down. What still lives is not revoked by it, unless an account says onRemoval: revoke or release.",
  ],
  examples: [["destroy --stack trial", "the end of a trial"]],
  handsOn: handsOn("destroy"),
  /** Loads what it does. */
  load: load("destroy"),
} as const satisfies Command;
