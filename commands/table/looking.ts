import { said } from "../deliver";
import { type Command, shared } from "./command";

const format = { type: "string", value: "<name>" } as const;

/** `plan`: from the files alone. */
export const planCommand = {
  name: "plan",
  summary: "what the declared accounts will do, and what an edit does: from the files alone",
  caller: "people",
  words: "[why <account> <day>]",
  completes: [["why"], "account"],
  about: [
    "What the declared accounts will do, and what an edit of the declaration does: from the files alone, with no credential and no state.",
    '"why <account> <day>" explains why an account rotates on a day, or why not.',
  ],
  flags: {
    stack: shared.stacks,
    against: {
      type: "string",
      value: "<commit>",
      told: "what to compare with (default: where this branch left the default branch, when that is known)",
    },
    to: { type: "string", value: "<commit>", told: "what to read instead of the files as they are" },
    days: { type: "string", value: "<number>", told: "how far to look ahead, 1 to 3650 (default: 400)" },
    "as-of": shared.asOf,
    format: {
      ...format,
      choices: ["text", "markdown", "json", "ics", "html", "junit"],
      told: "text, markdown, json, ics, html, junit (default: text)",
    },
    output: {
      ...shared.output,
      multiple: true,
      told: "a file to write; may be given again. Its format is that of --format, or of the extension (.txt, .md, .json, .ics, .html, .xml); the plan is then printed as text beside it",
    },
    cwd: shared.cwd,
    help: shared.help,
  },
  examples: [
    ["plan", "what this branch does"],
    ["plan why inventory 2026-12-14", "why it rotates on that day"],
    ["plan --output plan.html --output plan.ics", "as a page and as a calendar"],
  ],
  exits: ["settings", "refused", "gap", "policy"],
  foot: ["The gravest counts: 3 before 5 before 8 before 4."],
  /** Loads what it does. */
  load: async () => {
    const { plan } = await import("../plan.js");
    return (args, at) => said(plan(args, at), at);
  },
} as const satisfies Command;

/** `health`: from the servers. */
export const healthCommand = {
  name: "health",
  summary: "whether the tokens live that are declared, who else has one, what the places hold",
  caller: "people",
  about: [
    "For each declared account: whether its tokens live in GitLab as declared, when they die and were last used; live tokens that nobody declared; and what each place holds that can be read. Asks with the credentials of the environment (GITLAB_BASE_URL, GITLAB_TOKEN; OP_CONNECT_HOST, OP_CONNECT_TOKEN) and reads only. To know whose a value is, GitLab is asked as that token, which counts as its use.",
    "The state is looked at where an engine can read it: what an emergency did counts as declared, also before its merge request is merged, and a step that failed in the last run is told. Without a state the marks of the tokens tell.",
  ],
  flags: {
    stack: shared.stacks,
    account: shared.account,
    format: {
      ...format,
      choices: ["text", "json", "openmetrics", "junit"],
      told: "text, json, openmetrics (for Prometheus), junit (for GitLab's test reports) (default: text)",
    },
    output: {
      ...shared.output,
      multiple: true,
      told: "a file to write; may be given again. Its format is that of --format, or of the extension (.txt, .json, .prom, .xml); the text is then printed beside it",
    },
    cwd: shared.cwd,
    help: shared.help,
  },
  examples: [
    ["health --stack prod", "all accounts of a stack"],
    ["health --account inventory --format json", "one account, for a program"],
    ["health --output health.xml --output pat-rotation.prom", "for GitLab's test reports, and for Prometheus"],
  ],
  exits: ["settings", "due", "risk"],
  foot: ["The gravest counts: 7 before 3 before 6."],
  /** Loads what it does. */
  load: async () => {
    const [{ health }, { readerOf }] = await Promise.all([import("../health.js"), import("../../engines/engine.js")]);
    return async (args, at) => said(await health(args, { ...at, engine: readerOf(args, at.environment) }), at);
  },
} as const satisfies Command;

/** `doctor`: our own credentials. */
export const doctorCommand = {
  name: "doctor",
  summary: "whose our own credentials are, what they may do, what the accounts lack",
  caller: "people",
  about: [
    "For each of our own credentials: whose it is, what it may do, when it dies. For each declared account: whether tokens may be minted for it, its variables written, its pipelines started, its vaults seen. GitLab's version, and what the accounts need of it. Changes nothing, and says of each gap what to do.",
    "Credentials: GITLAB_BASE_URL with GITLAB_TOKEN; OP_CONNECT_HOST with OP_CONNECT_TOKEN, or OP_SERVICE_ACCOUNT_TOKEN; BAO_ADDR with BAO_TOKEN for places in OpenBao or Vault.",
  ],
  flags: {
    stack: shared.stacks,
    account: shared.account,
    format: { ...format, choices: ["text", "json"], told: "text, json (default: text)" },
    output: shared.output,
    cwd: shared.cwd,
    help: shared.help,
  },
  examples: [["doctor --stack prod", "before the first run, and when a run is refused something"]],
  exits: ["settings", "missing"],
  /** Loads what it does. */
  load: async () => {
    const { doctor } = await import("../doctor.js");
    return async (args, at) => said(await doctor(args, at), at);
  },
} as const satisfies Command;
