import { said } from "../deliver";
import { type Command, shared } from "./command";

const format = { type: "string", value: "<name>" } as const;

/** `audit`: the records. */
export const auditCommand = {
  name: "audit",
  summary: "the record of each rotation: when, by whom, with what proof",
  caller: "people",
  about: [
    "The records that each rotation left in its tracking issue, oldest first, on standard output; on standard error, where was looked. Looks where the declared accounts have their issues, as the user of GITLAB_TOKEN at GITLAB_BASE_URL (the scope read_api is enough).",
    'A comment by anybody else than that author is no record. "edited" is true where a comment was changed after it was written.',
  ],
  flags: {
    stack: shared.stacks,
    account: shared.account,
    since: { type: "string", value: "<day>", told: "only what happened from this day on, UTC" },
    author: {
      type: "string",
      value: "<name>",
      told: "username of who wrote the records (default: the user of GITLAB_TOKEN)",
    },
    format: { ...format, choices: ["text", "json", "csv"], told: "text, json, csv (default: text)" },
    output: shared.output,
    cwd: shared.cwd,
    help: shared.help,
  },
  examples: [["audit --since 2026-01-01 --output 2026.csv", "a year, for the auditor"]],
  exits: ["settings"],
  /** Loads what it does. */
  load: async () => {
    const { audit } = await import("../audit.js");
    return async (args, at) => said(await audit(args, at), at);
  },
} as const satisfies Command;

/** `inventory`: accounts that exist. */
export const inventoryCommand = {
  name: "inventory",
  summary: "writes the declarations of service accounts that exist, from GitLab and 1Password",
  caller: "people",
  words: "--group <path>",
  about: [
    "Writes the declarations of all service accounts of a group, a project or the instance, from what GitLab and 1Password hold: accounts, the token in use, CI/CD variables and items that hold it, jobs that could prove it, and a first rotation for each, spread over the weeks. Reads only. Accounts that a stack declares are left out.",
    "As the user of GITLAB_TOKEN at GITLAB_BASE_URL, who must be an Owner of the group (a Maintainer of the project, an administrator for the instance). A value that looks like a token is presented to GitLab once, which tells whose it is and counts as a use of it. No value is shown or kept. Hidden variables cannot be read.",
  ],
  flags: {
    group: { type: "string", value: "<path>", told: "the service accounts of a group" },
    project: { type: "string", value: "<path>", told: "those of a project" },
    instance: { type: "boolean", told: "those of the instance" },
    below: { type: "boolean", told: "with --group: the accounts of its subgroups and projects as well" },
    "look-in": {
      type: "string",
      multiple: true,
      value: "<path>",
      told: "look for tokens in the variables of this group (with all below it) or project, too; may be given again",
    },
    vault: {
      type: "string",
      multiple: true,
      value: "<name>",
      told: "look for tokens in this 1Password vault; may be given again. New items are declared in the first",
    },
    stack: {
      ...shared.stacks,
      told: "the stacks whose accounts are declared, and whose freezes count (default: all but the sandbox)",
    },
    write: {
      type: "string",
      value: "<folder>",
      told: "one file for each account in that folder, for accountFiles (default: a list on standard output)",
      completes: "folder",
    },
    output: { ...shared.output, told: "a file to write, in place of standard output" },
    "token-prefix": {
      type: "string",
      value: "<text>",
      told: "what tokens of this GitLab begin with (default: glpat-)",
    },
    cwd: shared.cwd,
    help: shared.help,
  },
  examples: [["inventory --group security --vault Security --write accounts", "a file for each account of a group"]],
  exits: ["settings"],
  /** Loads what it does. */
  load: async () => {
    const { inventory } = await import("../inventory.js");
    return async (args, at) => said(await inventory(args, at), at);
  },
} as const satisfies Command;

/** `who-can-read`: who can get at a token. */
export const whoCanReadCommand = {
  name: "who-can-read",
  summary: "who can get at an account's token, as far as GitLab and 1Password tell",
  caller: "people",
  words: "<account>",
  completes: ["account"],
  about: [
    "Who can get at the token of a declared account: who may make one for it, its vaults, its CI/CD variables with who maintains them (members of groups above included), people apart from service accounts; and, plainly, what the servers do not tell. Looks as the user of GITLAB_TOKEN at GITLAB_BASE_URL, and with the 1Password credential of a run. Reads only.",
  ],
  flags: {
    stack: { ...shared.stacks, told: "the stack that declares it (default: any but the sandbox)" },
    account: { ...shared.account, told: "the account, in place of the word" },
    format: { ...format, choices: ["text", "json", "csv"], told: "text, json, csv (default: text)" },
    output: shared.output,
    cwd: shared.cwd,
    help: shared.help,
  },
  examples: [["who-can-read inventory", "after a leak, or for a review"]],
  exits: ["settings"],
  /** Loads what it does. */
  load: async () => {
    const { whoCanRead } = await import("../who-can-read.js");
    return async (args, at) => said(await whoCanRead(args, at), at);
  },
} as const satisfies Command;
