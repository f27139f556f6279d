// `npm run emergency`: a token leaked. A new one in its places and the old one dead at once, then the merge request behind it.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { listTokens, revokeToken } from "../providers/gitlab/api/tokens";
import { GitLab } from "../providers/gitlab/client";
import { currentOf } from "../rotation/effects";
import { generations } from "../rotation/generations";
import type { AccountDeclaration, Settings } from "../rotation/settings";
import { type Edit, EditError } from "../settings/edits/edit";
import { accountOf, leak, type Proposal, proposal } from "../settings/edits/proposal";
import { prefixOf } from "../settings/git";
import { readStack } from "../settings/stackFile";
import { folderTree, type Tree } from "../settings/tree";
import { choice, flags as parsedFlags, UsageError } from "./command";
import { act, targetsOf } from "./emergency/act";
import { carryOver } from "./emergency/carryOver";
import { findToken, ownerOf, userIdOf } from "./emergency/find";
import { type KnownState, knownState } from "./emergency/state";
import { exportedState, pulumiCli } from "./engine";
import { dayOf } from "./propose/commandLine";
import { propose } from "./propose/mergeRequest";
import { gitlabEnvironment, projectOf } from "./propose/target";
import { reasonOf } from "./propose/words";
import { chooseEngine } from "./run";

/** How the command ends. */
export const exitCodes = {
  /** The token is dead, its successor is in place, and the merge request is there. */
  fine: 0,
  /** Something else went wrong. */
  failed: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** The token lives on. */
  alive: 4,
  /** The token is dead, but something is left to do: a red pipeline, or no merge request. */
  unfinished: 5,
  /** Another run held the stack for all of the time; the token lives on. */
  locked: 6,
  /** No declaration explains the token; nothing was done. */
  unknown: 7,
} as const;

const help = `npm run emergency -- --token-id <id> [flags]

For a token that leaked. Finds whose it is, declares it compromised in the files here, and updates that account alone: a new
token is minted and tested, every place holds it, and the old one is dead at once, whoever uses it. Then it leaves a merge
request with the same edit. Give GitLab's id of the token (a number), never the token itself.

  --token-id <id>        the token; or say which with --account <name> --generation <name>
  --reason <text>        stands in the declaration (default: that the token was reported)
  --stack <name>         the stack (default: prod)
  --project <path>       GitLab's project of the declaration (default: CI_PROJECT_ID)
  --no-merge-request     leave none
  --revoke-undeclared    revoke the token although no declaration explains it: nothing takes its place
  --wait <minutes>       how long to wait while another run holds the stack (default: 30)
  --no-other-run-is-alive, --engine=embedded   as for npm run up
  --dry-run              say what would be done; nothing is written anywhere
  --carry-over           before npm run up: put into the files here what emergencies did and nobody has merged yet
  --cwd, -C <folder>     the project's folder (default: here)

GITLAB_TOKEN and the rest as for npm run up; PAT_ROTATION_PROPOSE_TOKEN, if set, opens the merge request.

Exit codes: 0 done; 1 something went wrong; 2 the command line is wrong; 4 the token lives on; 5 the token is dead, but a
pipeline is red or there is no merge request; 6 another run holds the stack; 7 no declaration explains the token.
`;

/** What the command works with. */
export interface Surroundings {
  /** The folder that paths are relative to. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The day, UTC. */
  readonly today: string;
  /** Takes what is said, as it is said. */
  readonly print: (text: string) => void;
  /** Milliseconds between looks whether the stack is free. @default 20000 */
  readonly lookEvery?: number;
}

const flags = {
  "token-id": { type: "string" },
  account: { type: "string" },
  generation: { type: "string" },
  reason: { type: "string" },
  stack: { type: "string", short: "s", default: "prod" },
  project: { type: "string" },
  "no-merge-request": { type: "boolean" },
  "revoke-undeclared": { type: "boolean" },
  wait: { type: "string", default: "30" },
  "no-other-run-is-alive": { type: "boolean" },
  engine: { type: "string" },
  "dry-run": { type: "boolean" },
  "carry-over": { type: "boolean" },
  cwd: { type: "string", short: "C" },
  help: { type: "boolean", short: "h" },
} as const;
type Flags = ReturnType<typeof parsedFlags<typeof flags>>["values"];

/** Runs the command; never throws. */
export async function emergency(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const { values } = parsedFlags(args, flags);
    if (values.help !== true) return await new Emergency(values, surroundings).run();
    surroundings.print(help);
    return exitCodes.fine;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const isUsage = cause instanceof UsageError;
    surroundings.print(`${message}${isUsage ? "\nnpm run emergency -- --help tells how it is used." : ""}\n`);
    return isUsage ? exitCodes.usage : exitCodes.failed;
  }
}

/** A token that leaked, and whose it is. */
interface Leak {
  readonly account: AccountDeclaration;
  readonly generation: string;
  /** Unknown when the state cannot be read. */
  readonly tokenId: number | undefined;
}

/** One run of the command. */
class Emergency {
  readonly #values: Flags;
  readonly #at: Surroundings;
  readonly #folder: string;
  readonly #stack: string;
  readonly #today: string;

  constructor(values: Flags, surroundings: Surroundings) {
    this.#values = values;
    this.#at = surroundings;
    this.#folder = resolve(surroundings.folder, values.cwd ?? ".");
    this.#stack = values.stack;
    this.#today = dayOf("the day", surroundings.environment.PAT_ROTATION_AS_OF || surroundings.today);
    if (values.engine !== undefined) choice("--engine", values.engine, ["embedded"]);
  }

  async run(): Promise<number> {
    const tree = folderTree(this.#folder);
    const settings = this.#settings(tree);
    if (this.#values["carry-over"] === true) return this.#carryOver(tree, settings);
    const gitlab = GitLab.fromEnvironment(this.#at.environment);
    const state = this.#state();
    const found = await this.#find(settings, state, gitlab);
    return typeof found === "number" ? found : this.#end(found, { tree, settings, state, gitlab });
  }

  /** Ends a declared token. */
  async #end(
    found: Leak,
    { tree, settings, state, gitlab }: { tree: Tree; settings: Settings; state: KnownState; gitlab: GitLab },
  ): Promise<number> {
    const { account, generation, tokenId } = found;
    const { name } = account;
    const recorded = state.accounts
      .find((one) => one.account === name)
      ?.compromised.find((one) => one.generation === generation);
    const userId = await userIdOf(account, { state, gitlab });
    const isAlive = async (id: number | undefined) =>
      (await listTokens(gitlab, ownerOf(account), userId, { state: "active" })).some((one) => one.id === id);
    const named = `${tokenId === undefined ? "the token" : `token ${tokenId}`} of generation "${generation}" of account "${name}"`;
    const lives = await isAlive(tokenId);
    this.#say(`This is ${named}, user "${account.account.username}". ${lives ? "It lives." : "It is dead already."}`);
    const before = currentOf(generations(account, settings.freezes, this.#today));
    if (!lives && recorded === undefined && before?.name !== generation) {
      this.#say("Nothing uses it, and nothing is left to do.");
      return exitCodes.fine;
    }
    // A run that was stopped half-way is carried on: its new token is not to be forgotten.
    const edit: Edit =
      recorded === undefined
        ? leak(tree, this.#stack, { account: name, generation, reason: this.#reason(tokenId) }, this.#today)
        : { kind: "compromise", account: name, ...recorded };
    const made = proposal(tree, { stack: this.#stack, edit, today: this.#today });
    this.#say(made.plan.stacks.map(({ summary }) => summary).join("\n"));
    if (this.#values["dry-run"] === true) return exitCodes.fine;
    this.#write(made);
    const targets = targetsOf(accountOf(made.settings, name) ?? account, made.settings, state, this.#today);
    const [acted, left] = await Promise.all([act(targets, this.#upOptions()), this.#leave(tree, edit, gitlab)]);
    if (acted.locked) this.#say("Another run held the stack for all of the time: nothing was done.");
    const after = this.#state();
    const isDead = !(await isAlive(tokenId));
    const next = currentOf(generations(accountOf(made.settings, name) ?? account, made.settings.freezes, this.#today));
    const successor = after.tokens.find((one) => one.account === name && one.generation === next?.name);
    this.#say(`\n${isDead ? "Dead" : "ALIVE"}: ${named}.`);
    if (isDead && successor?.tokenId !== undefined && (await isAlive(successor.tokenId)))
      this.#say(`In its place: token ${successor.tokenId}, generation "${successor.generation}".`);
    this.#say(left.told);
    if (acted.locked) return exitCodes.locked;
    if (!isDead) {
      this.#say(
        `What to do: the lines above say why. Mend that and run this again; or, if that takes too long, revoke the token in GitLab by hand, although its places then hold a dead one until this has run.`,
      );
      return exitCodes.alive;
    }
    if (acted.code === 0 && left.isThere) return exitCodes.fine;
    if (acted.code !== 0)
      this.#say("The run was red after that: the lines above say why. The next run goes on with it.");
    return exitCodes.unfinished;
  }

  async #find(settings: Settings, state: KnownState, gitlab: GitLab): Promise<Leak | number> {
    const { "token-id": written, account: name, generation } = this.#values;
    if (written === undefined) {
      if (name === undefined || generation === undefined)
        throw new UsageError("Reading the command line: give --token-id, or --account and --generation.");
      const account = accountOf(settings, name);
      if (account === undefined) {
        const there = settings.accounts.map((one) => one.name).join(", ");
        throw new UsageError(`Looking for account "${name}": not declared, or at fault; there are ${there}.`);
      }
      const known = state.tokens.find((one) => one.account === name && one.generation === generation);
      return { account, generation, tokenId: known?.tokenId ?? adoptedId(account, generation) };
    }
    // What is no number may be the token itself: it is not repeated.
    if (!/^\d{1,15}$/.test(written))
      throw new UsageError(
        "Reading --token-id: found no number. Give GitLab's id of the token, never the token itself.",
      );
    const id = Number(written);
    const found = await findToken(id, { settings, state, gitlab });
    if (found.kind === "declared") return { account: found.account, generation: found.generation, tokenId: id };
    if (found.kind === "unknown") {
      this.#say(
        `Token ${id} is none that is declared, and none of the service accounts that this credential can see. Nothing was done. An administrator finds whose it is in GitLab (Admin area, or the API's personal_access_tokens), and revokes it there.`,
      );
      return exitCodes.unknown;
    }
    this.#say(`Token ${id}: ${found.told}.`);
    if (this.#values["revoke-undeclared"] !== true || this.#values["dry-run"] === true) {
      this.#say("Nothing was done. To revoke it, although nothing takes its place, add --revoke-undeclared.");
      return exitCodes.unknown;
    }
    await revokeToken(gitlab, found.owner, found.userId, id);
    this.#say(`Token ${id} is revoked. Nothing took its place: whatever used it fails from now on.`);
    return exitCodes.fine;
  }

  #carryOver(tree: Tree, settings: Settings): number {
    const { files, faults } = carryOver(tree, this.#stack, settings, this.#state(), this.#today);
    for (const { file, text, told } of files) {
      writeFileSync(resolve(this.#folder, file), text);
      this.#say(told);
    }
    for (const fault of faults) this.#say(fault);
    if (files.length + faults.length === 0) this.#say("The declaration says all that emergencies did.");
    return exitCodes.fine;
  }

  /** Leaves the merge request. Whatever goes wrong with it, the token is ended. */
  async #leave(tree: Tree, edit: Edit, own: GitLab): Promise<{ readonly told: string; readonly isThere: boolean }> {
    const { environment } = this.#at;
    if (this.#values["no-merge-request"] === true) return { told: "No merge request was asked for.", isThere: true };
    const project = projectOf(this.#values.project, environment);
    const remedy = `Leave it with: npm run propose -- compromise ${edit.account} --stack ${this.#stack} … with the same reason and day.`;
    if (project === undefined)
      return {
        told: `No merge request: GitLab's project of the declaration is not known (--project). ${remedy}`,
        isThere: false,
      };
    try {
      const gitlab = environment.PAT_ROTATION_PROPOSE_TOKEN
        ? GitLab.fromEnvironment(gitlabEnvironment(environment))
        : own;
      const said = ["An emergency: what this declares is done already. Until it is merged, each run carries it over."];
      const home = { gitlab, project, prefix: prefixOf(this.#folder), tree };
      const { request } = await propose(home, { stack: this.#stack, edit, today: this.#today, said });
      return request === undefined
        ? { told: "No merge request is needed: the default branch declares it.", isThere: true }
        : { told: `Merge request !${request.iid}: ${request.url}`, isThere: true };
    } catch (cause) {
      return {
        told: `No merge request: ${cause instanceof Error ? cause.message : String(cause)} ${remedy}`,
        isThere: false,
      };
    }
  }

  #settings(tree: Tree): Settings {
    const read = readStack(tree, this.#stack);
    if (read === undefined)
      throw new UsageError(`Looking for stack "${this.#stack}": there is no Pulumi.${this.#stack}.yaml.`);
    const settings = read.settings ?? read.usable;
    if (settings !== undefined) return settings;
    throw new EditError(`The settings in ${read.file} cannot be used; npm run plan tells why.`);
  }

  #state(): KnownState {
    const { environment } = this.#at;
    const engine = chooseEngine(this.#stack, this.#values.engine !== undefined, pulumiCli(environment));
    const exported = exportedState(engine, this.#stack, { cwd: this.#folder, environment });
    if (exported === undefined) this.#say(`The state of stack "${this.#stack}" cannot be read: going on without it.`);
    return knownState(exported);
  }

  #write({ file, text, changes }: Proposal): void {
    if (!changes) return;
    writeFileSync(resolve(this.#folder, file), text);
    this.#say(`Declared in ${file}.\n`);
  }

  #upOptions() {
    const { wait, engine, "no-other-run-is-alive": alone } = this.#values;
    if (!/^\d{1,4}$/.test(wait)) throw new UsageError(`Reading --wait: found "${wait}". Write a number of minutes.`);
    const until = performance.now() + Number(wait) * 60_000;
    const every = this.#at.lookEvery ?? 20_000;
    return {
      folder: this.#folder,
      environment: this.#at.environment,
      stack: this.#stack,
      flags: [
        ...(engine === undefined ? [] : ["--engine=embedded"]),
        ...(alone === true ? ["--no-other-run-is-alive"] : []),
      ],
      print: this.#at.print,
      again: async () => {
        if (performance.now() + every > until) return false;
        await sleep(every);
        return true;
      },
    };
  }

  #reason(tokenId: number | undefined): string {
    const { reason } = this.#values;
    if (reason === undefined || reason === "") return `token ${tokenId ?? "of it"} was reported as compromised`;
    const found = reasonOf(reason);
    if (found !== undefined) return found;
    throw new UsageError("Reading --reason: write why, in a sentence that stands in the declaration. Never a token.");
  }

  #say(text: string): void {
    this.#at.print(`${text}\n`);
  }
}

function adoptedId({ adopt }: AccountDeclaration, generation: string): number | undefined {
  return generation === "adopted" ? adopt?.tokenId : undefined;
}

if (require.main === module) {
  const today = new Date().toISOString().slice(0, 10);
  // Ctrl-C ends the update in good order; the merge request is still to be left.
  process.on("SIGINT", () => {});
  emergency(process.argv.slice(2), {
    folder: process.cwd(),
    environment: process.env,
    today,
    print: (text) => void process.stdout.write(text),
  }).then((code) => {
    process.exitCode = code;
  });
}
