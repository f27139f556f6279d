import { said } from "../deliver";
import { type Command, shared } from "./command";

/** `status`: how things stand. */
export const statusCommand = {
  name: "status",
  summary: "how all accounts stand: token in use, expiry, places, proof, what is held, next date",
  caller: "people",
  words: "[<account>]",
  completes: ["account"],
  about: [
    "One screen for all accounts: the generation in use and its expiry, the places and whether they hold it, its proof with a link, what is held and why, the next date, and the last run; what needs somebody first. For one account: its life as a line of time, with attempts and links, and who declared it.",
    "From the state alone, which an engine reads (the Pulumi CLI; the embedded one for the sandbox): no server is asked. With --live the servers say which tokens live and what the places hold, as in health. No secret is shown.",
    "As HTML: one page for all stacks that needs no network and no script, with what is at risk first, the line of time of each account, each place, and a search. A stack whose settings or state cannot be read is told as that.",
  ],
  flags: {
    stack: shared.stacks,
    account: { ...shared.account, told: "only this account; the same as the word" },
    live: { type: "boolean", told: "ask GitLab and 1Password as well" },
    format: {
      type: "string",
      value: "<name>",
      choices: ["text", "json", "html"],
      told: "text, json, html (default: text)",
    },
    output: shared.output,
    engine: { type: "string", value: "embedded", choices: ["embedded"], told: "as for up" },
    cwd: shared.cwd,
    help: shared.help,
  },
  examples: [
    ["status", "all accounts"],
    ["status inventory --live", "one account, with what the servers hold"],
    ["status --format json --output status.json", "for a program"],
    ["status --output fleet.html", "a page of all stacks"],
  ],
  exits: ["settings", "due", "risk"],
  foot: [
    "6 where an account failed or is late; 7 where its token is dead, or dies within 3 days; 3 where there is no state.",
  ],
  /** Loads what it does. */
  load: async () => {
    const { status } = await import("../status.js");
    return async (args, at) => said(await status(args, at), at);
  },
} as const satisfies Command;
