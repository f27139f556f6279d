import { said } from "../deliver";
import { type Command, type Runner, shared } from "./command";

/** `approved`: which commit runs at night. */
export const approvedCommand = {
  name: "approved",
  summary: "the commit that a person let through last",
  caller: "ci",
  words: "--environment <name> --job <name>",
  about: [
    "Prints the commit of the newest deployment that a person started: a job of that name, in a pipeline of the default branch, with that environment, which was let start, whether it then passed or not. It must lie in the history of the commit at hand. For a job in GitLab CI/CD: uses its token (CI_JOB_TOKEN), and no other.",
  ],
  flags: {
    environment: { type: "string", value: "<name>", told: "the environment that guards the stack" },
    job: { type: "string", value: "<name>", told: "the job that a person starts" },
    help: shared.help,
  },
  examples: [["approved --environment rotation --job rotation-up", "what the nightly run checks out"]],
  exits: [],
  /** Loads what it does. */
  load: async () => {
    const { approved } = await import("../ci/approved.js");
    return async (args, at) => said(await approved(args, at), at);
  },
} as const satisfies Command;

/** `notes`: plans in merge requests. */
export const notesCommand = {
  name: "notes",
  summary: "the plan of each open merge request in one note of it",
  caller: "ci",
  about: [
    "Writes the plan of each open merge request into one note of it, or brings that up to date. For a job in GitLab CI/CD, in a whole clone of the default branch: CI_PROJECT_ID, CI_DEFAULT_BRANCH, GITLAB_BASE_URL, and a GITLAB_TOKEN that may write notes.",
  ],
  flags: { help: shared.help },
  examples: [["notes", "every quarter of an hour"]],
  exits: [],
  /** Loads what it does. */
  load: async () => {
    const { writeNotes } = await import("../ci/notes.js");
    return async (args, at) => said(await writeNotes(args, at), at);
  },
} as const satisfies Command;

/** `heartbeat`: tells a watchdog. */
export const heartbeatCommand = {
  name: "heartbeat",
  summary: "tells an outside watchdog that a run ended well",
  caller: "ci",
  about: [
    "Tells an outside watchdog that a run ended well: calls the https address in PAT_ROTATION_HEARTBEAT_URL, at most three times. Without that variable it does nothing. The address may itself be a credential: it is never shown.",
  ],
  flags: { help: shared.help },
  examples: [["heartbeat", "at the end of the nightly run"]],
  exits: [],
  /** Loads what it does. */
  load: async () => {
    const { heartbeat } = await import("../ci/heartbeat.js");
    return async (args, at) => said(await heartbeat(args, at), at);
  },
} as const satisfies Command;

/** Runs a file of the workshop, which nothing of the product knows. */
function workshop(file: string): () => Promise<Runner> {
  return async () => {
    const { runFile } = await import("../file.js");
    return (args) => runFile(file, args);
  };
}

/** `demo`: the runbook's own incident. */
export const demoCommand = {
  name: "demo",
  summary: "the runbook's own incident, from the dead token to the proven one, on this machine",
  caller: "people",
  about: [
    "Plays the runbook's own incident, from the dead token to the proven one and beyond, against a GitLab and a 1Password on this machine. Needs no account anywhere, and leaves nothing behind.",
  ],
  flags: {
    engine: {
      type: "string",
      value: "<name>",
      choices: ["embedded", "pulumi"],
      told: "embedded, pulumi (default: the Pulumi CLI where there is one)",
    },
    help: shared.help,
  },
  examples: [["demo", "half a minute"]],
  exits: [],
  /** Loads what it does. */
  load: workshop("workshop/demo/main.ts"),
} as const satisfies Command;

/** `sandbox`: the demo's servers. */
export const sandboxCommand = {
  name: "sandbox",
  summary: "a GitLab and a 1Password on this machine, to point a run at",
  caller: "people",
  about: [
    "Starts a GitLab and a 1Password Connect server on loopback, with a clock of their own, and prints the environment that points a program at them. Runs until Ctrl-C; nothing is kept.",
  ],
  flags: {
    port: {
      type: "string",
      value: "<number>",
      told: "port of the GitLab server; Connect takes the next one (default: any free ones)",
    },
    accounts: {
      type: "string",
      value: "<number>",
      told: "that many look-alike service accounts instead of the runbook's incident",
    },
    "job-ms": {
      type: "string",
      value: "<number>",
      told: "real milliseconds that a pipeline's job takes (default: 300)",
    },
    gitlab: {
      type: "string",
      value: "<release>",
      choices: ["18.11", "19.2", "19.6"],
      told: "18.11, 19.2 or 19.6: what it knows of fine-grained tokens (default: 18.11)",
    },
    quiet: { type: "boolean", told: "no line per request" },
    help: shared.help,
  },
  examples: [["sandbox --port 8080", "then, in another terminal, what it prints"]],
  exits: [],
  /** Loads what it does. */
  load: workshop("workshop/sandbox/main.ts"),
} as const satisfies Command;

/** `sdks`: the typed packages. */
export const sdksCommand = {
  name: "sdks",
  summary: "writes sdks/*, the typed packages that the program imports, from each provider's schema",
  caller: "developers",
  about: ["Writes sdks/*, the typed packages that the program imports, from each provider's schema.json."],
  flags: { help: shared.help },
  examples: [["sdks", "after an edit of a schema"]],
  exits: [],
  /** Loads what it does. */
  load: workshop("workshop/sdks/sdks.ts"),
} as const satisfies Command;

/** `schema`: what editors know of the settings. */
export const schemaCommand = {
  name: "schema",
  summary: "writes settings/schema/*, by which editors complete and check a declaration",
  caller: "developers",
  about: [
    "Writes settings/schema/*, JSON Schemas by which editors complete and check a declaration, from what reads it and what is written above each setting.",
  ],
  flags: { help: shared.help },
  examples: [["schema", "after an edit of rotation/declaration"]],
  exits: [],
  /** Loads what it does. */
  load: workshop("workshop/schema/main.ts"),
} as const satisfies Command;

/** `completion`: for shells. */
export const completionCommand = {
  name: "completion",
  summary: "completes commands, flags, stacks and accounts in bash, zsh or fish",
  caller: "people",
  words: "bash | zsh | fish",
  completes: [["bash", "zsh", "fish"]],
  about: [
    "Prints what a shell is to source. It completes pat-rotation, and npx pat-rotation.",
    `  bash:  source <(npx pat-rotation completion bash)
  zsh:   source <(npx pat-rotation completion zsh)   after compinit
  fish:  npx pat-rotation completion fish | source`,
  ],
  flags: { help: shared.help },
  examples: [["completion bash >> ~/.bashrc", "for good"]],
  exits: [],
  /** Loads what it does. */
  load: async () => {
    const { completion } = await import("../completion.js");
    return async (args, at) => said(await completion(args), at);
  },
} as const satisfies Command;
