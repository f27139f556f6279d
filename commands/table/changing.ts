import { said } from "../deliver";
import { type Command, type Flags, shared } from "./command";

/** The flags of what becomes a merge request. */
const request = {
  stack: {
    type: "string",
    short: "s",
    value: "<name>",
    told: "the stack (default: the one that declares the account)",
    completes: "stack",
  },
  account: { ...shared.account, told: "the account, in place of the word" },
  project: { type: "string", value: "<path>", told: "GitLab's project of the declaration (default: CI_PROJECT_ID)" },
  label: { type: "string", multiple: true, value: "<name>", told: "a label of the merge request; may be given again" },
  assignee: { type: "string", value: "<name>", told: "username of who is to look at it" },
  "as-of": shared.asOf,
  "dry-run": {
    type: "boolean",
    told: "print the difference and the plan of the files here; no request, nothing written",
  },
  local: { type: "boolean", told: "the same, and write the file here" },
  cwd: shared.cwd,
  help: shared.help,
} as const satisfies Flags;

const credential =
  "GITLAB_BASE_URL (default: CI_API_V4_URL) and GITLAB_TOKEN name the GitLab and who asks; PAT_ROTATION_PROPOSE_TOKEN, if set, is used in place of the latter: a token with the scope api, of a Developer of the project, is enough.";

/** The changes of a declaration that can be proposed. */
export const changes = [
  "extra-date",
  "hold",
  "release-hold",
  "retry",
  "adopt",
  "migrate",
  "decommission",
  "compromise",
] as const;

/** `propose`: a change as a merge request. */
export const proposeCommand = {
  name: "propose",
  summary: "a change of the declaration as a merge request, with the plan of what it does",
  caller: "people",
  words: "<change> <account>",
  completes: [changes, "account"],
  about: [
    "Opens a merge request with one change of the declaration and the plan of what it does; for the same change again it brings the open one up to date. The changes:",
    `  extra-date     a rotation on a day more: --reason <text> --date <day>
                 (default: today)
  hold           stay on, or go back to, a token: --generation <name>
                 (default: the current one)
  release-hold   let the calendar go on
  retry          take up a proof that gave up: --generation <name> (default: the
                 current one) --reason <text>
  adopt          take in an account: --block <file, or - for standard input>
                 --file <path>
  migrate        fine-grained tokens in place of legacy ones, with permissions
                 suggested from where they are used
  decommission   end the account: --reason <text>
  compromise     a token leaked: --generation <name> (default: the current one)
                 --reason <text> --date <day of a new token> (default: today,
                 where one is needed)`,
    credential,
  ],
  flags: {
    ...request,
    date: { type: "string", value: "<day>", told: "see above" },
    reason: { type: "string", value: "<text>", told: "why, in a sentence that stands in the declaration" },
    generation: { type: "string", value: "<name>", told: "see above" },
    block: { type: "string", value: "<file>", told: "see above", completes: "file" },
    file: { type: "string", value: "<path>", told: "see above", completes: "file" },
  },
  examples: [
    ['propose extra-date inventory --reason "a maintainer left"', "a new token today, and the calendar goes on"],
    ["propose hold scanner --dry-run", "what it would change"],
  ],
  exits: ["refused", "busy"],
  /** Loads what it does. */
  load: async () => {
    const { propose } = await import("../propose.js");
    return async (args, at) => said(await propose(args, at), at);
  },
} as const satisfies Command;

/** `renew`: a generation today. */
export const renewCommand = {
  name: "renew",
  summary: "a new token of an account today, as a merge request or in the files here",
  caller: "people",
  words: "<account>",
  completes: ["account"],
  about: [
    "Opens a generation of an account today, in the calendar's way: the next run mints a token, stores and proves it, and the one in use lives on until the overlap is over. For a token that leaked there is emergency.",
    credential,
  ],
  flags: {
    ...request,
    date: { type: "string", value: "<day>", told: "the day (default: today)" },
    reason: {
      type: "string",
      value: "<text>",
      told: 'why, in a sentence that stands in the declaration (default: "asked for by hand")',
    },
  },
  examples: [
    ['renew inventory --reason "a maintainer left"', "as a merge request"],
    ["renew inventory --local", "in the files here: commit them, or run up"],
  ],
  exits: ["refused", "busy"],
  /** Loads what it does. */
  load: async () => {
    const { renew } = await import("../renew.js");
    return async (args, at) => said(await renew(args, at), at);
  },
} as const satisfies Command;

/** `retry`: a proof that gave up. */
export const retryCommand = {
  name: "retry",
  summary: "takes up a proof that gave up, as a merge request or in the files here",
  caller: "people",
  words: "<account>",
  completes: ["account"],
  about: [
    "After three failed attempts a proof gives up, and the places hold the last proven token. When the cause is mended, this allows the same token as many attempts again: the next run sets it, and starts its pipelines anew.",
    credential,
  ],
  flags: {
    ...request,
    generation: { type: "string", value: "<name>", told: "the generation (default: the current one)" },
    reason: {
      type: "string",
      value: "<text>",
      told: 'what was mended, in a sentence that stands in the declaration (default: "the cause is mended")',
    },
  },
  examples: [['retry inventory --reason "the runner is back"', "as a merge request"]],
  exits: ["refused", "busy"],
  /** Loads what it does. */
  load: async () => {
    const { retry } = await import("../retry.js");
    return async (args, at) => said(await retry(args, at), at);
  },
} as const satisfies Command;

/** `emergency`: a token leaked. */
export const emergencyCommand = {
  name: "emergency",
  summary: "a token leaked: a new one in its places, the old one dead at once",
  caller: "people",
  words: "--token-id <id>",
  about: [
    "For a token that leaked. Finds whose it is, declares it compromised in the files here, and updates that account alone: a new token is minted and tested, every place holds it, and the old one is dead at once, whoever uses it. Then it leaves a merge request with the same edit. Give GitLab's id of the token (a number), never the token itself.",
  ],
  flags: {
    "token-id": { type: "string", value: "<id>", told: "the token; or say which with --account and --generation" },
    account: { ...shared.account, told: "its account" },
    generation: { type: "string", value: "<name>", told: "its generation" },
    reason: {
      type: "string",
      value: "<text>",
      told: "stands in the declaration (default: that the token was reported)",
    },
    stack: {
      type: "string",
      short: "s",
      default: "prod",
      value: "<name>",
      told: "the stack (default: prod)",
      completes: "stack",
    },
    project: { type: "string", value: "<path>", told: "GitLab's project of the declaration (default: CI_PROJECT_ID)" },
    "no-merge-request": { type: "boolean", told: "leave none" },
    "revoke-undeclared": {
      type: "boolean",
      told: "revoke the token although no declaration explains it: nothing takes its place",
    },
    wait: {
      type: "string",
      default: "30",
      value: "<minutes>",
      told: "how long to wait while another run holds the stack (default: 30)",
    },
    "no-other-run-is-alive": { type: "boolean", told: "as for up" },
    engine: { type: "string", value: "embedded", choices: ["embedded"], told: "as for up" },
    "dry-run": { type: "boolean", told: "say what would be done; nothing is written anywhere" },
    "carry-over": {
      type: "boolean",
      told: "before up: put into the files here what emergencies did and nobody has merged yet",
    },
    cwd: shared.cwd,
    help: shared.help,
  },
  examples: [
    ['emergency --token-id 1203 --reason "pasted into a chat"', "ends it, and puts a new one in its places"],
    ["emergency --token-id 1203 --dry-run", "whose it is, and what would be done"],
  ],
  exits: ["alive", "unfinished", "busy", "unknown"],
  foot: ["GITLAB_TOKEN and the rest as for up; PAT_ROTATION_PROPOSE_TOKEN, if set, opens the merge request."],
  /** Loads what it does. */
  load: async () => {
    const { emergency } = await import("../emergency.js");
    return (args, at) => {
      // Ctrl-C ends the update in good order; the merge request is still to be left.
      process.on("SIGINT", () => {});
      return emergency(args, at);
    };
  },
} as const satisfies Command;
