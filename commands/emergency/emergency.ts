import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GitLab } from "../../clients/gitlab/client";
import { type Servers, servers } from "../../clients/servers";
import { exportedState, pulumiCli } from "../../engines/engine";
import { isSandbox } from "../../ground/now";
import { visible } from "../../ground/visible";
import { tokensOf } from "../../providers/runbook/account/keptIn";
import { generations } from "../../rotation/calendar/generations";
import { isAccessToken, userText } from "../../rotation/declaration/accessToken";
import { rotatesItself } from "../../rotation/declaration/self";
import type { AccountDeclaration, Settings } from "../../rotation/declaration/settings";
import { currentOf } from "../../rotation/plan/effects";
import { type Edit, EditError } from "../../settings/edits/edit";
import { accountOf, leak, type Proposal, proposal, withFile } from "../../settings/edits/proposal";
import { readStack } from "../../settings/stackFile";
import { folderTree, type Tree } from "../../settings/tree";
import { unknownAccount } from "../accounts";
import { dayOf, type flags, UsageError } from "../command";
import { exitCodes } from "../exitCodes";
import { reasonOf } from "../propose/words";
import { chooseEngine } from "../run/choice";
import { unknownStack } from "../stacks";
import type { emergencyCommand } from "../table/changing";
import { whoseTokens } from "../whose";
import { type ActOptions, act, targetsOf } from "./act";
import { carryOver } from "./carryOver";
import { findToken, leftovers, tokenIdOf, userIdOf } from "./find";
import { foretold } from "./foretold";
import { type Left, leave } from "./leave";
import { type KnownState, knownState } from "./state";
import { endUndeclared } from "./undeclared";

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

type Flags = ReturnType<typeof flags<typeof emergencyCommand.flags>>["values"];

/** A token that leaked, and whose it is. */
interface Leak {
  readonly account: AccountDeclaration;
  readonly generation: string;
  /** Unknown when it is named by its generation and the state cannot be read. */
  readonly tokenId: number | undefined;
}

/** What is known when the command begins. */
interface Known {
  readonly tree: Tree;
  readonly settings: Settings;
  readonly state: KnownState;
  readonly gitlab: GitLab;
  readonly at: Servers;
}

/** One run of the command. */
export class Emergency {
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
    const { PAT_ROTATION_AS_OF: asOf = "" } = surroundings.environment;
    if (asOf !== "" && values["dry-run"] !== true && !isSandbox(surroundings.environment))
      throw new Error(
        `PAT_ROTATION_AS_OF is set to "${asOf}", and this is no sandbox: an emergency is dated by the real day. Unset it, and run again.`,
      );
    this.#today = dayOf("the day", asOf || surroundings.today);
    if (!/^\d{1,4}$/.test(values.wait))
      throw new UsageError(`Reading --wait: found "${values.wait}". Write a number of minutes.`);
  }

  /** Runs it; answers one of {@link exitCodes}. */
  async run(): Promise<number> {
    const tree = folderTree(this.#folder);
    const settings = this.#settings(tree);
    if (this.#values["carry-over"] === true) {
      const { files, isBehind } = this.#carryOver(tree, settings, this.#state());
      if (!isBehind) this.#say("The declaration says all that emergencies did.");
      else if (this.#isDry) this.#say("Nothing was written.");
      else if (files.length > 0) this.#say(`Carried over into ${files.join(", ")}: npm run up goes by that.`);
      return exitCodes.fine;
    }
    const asked = this.#asked(settings);
    const gitlab = GitLab.fromEnvironment(this.#at.environment);
    const at = servers({ signal: new AbortController().signal }, this.#at.environment);
    const state = this.#state();
    // The token of an earlier emergency may be the one that leaked now.
    const carried = this.#carryOver(tree, settings, state);
    const known = { tree: carried.tree, settings: this.#settings(carried.tree), state, gitlab, at };
    if (typeof asked !== "number") return this.#end(await this.#named(asked, known), known);
    const found = await findToken(asked, known);
    switch (found.kind) {
      case "declared":
        return this.#end({ account: found.account, generation: found.generation, tokenId: asked }, known);
      case "unknown":
        this.#say(
          `Token ${asked} is none that is declared, and none of the service accounts that this credential can see. Nothing was done. An administrator finds whose it is in GitLab (Admin area, or the API's personal_access_tokens), and revokes it there.`,
        );
        for (const one of found.unseen) this.#say(`Not looked at: ${one}.`);
        return exitCodes.unknown;
      case "undeclared":
        return endUndeclared(asked, found, {
          gitlab,
          settings: known.settings,
          environment: this.#at.environment,
          revokes: this.#values["revoke-undeclared"] === true && !this.#isDry,
          say: (text) => this.#say(text),
        });
    }
  }

  get #isDry(): boolean {
    return this.#values["dry-run"] === true;
  }

  /** Ends a declared token. */
  async #end({ account, generation, tokenId }: Leak, known: Known): Promise<number> {
    const { name } = account;
    const { settings, state } = known;
    const title = `${tokenId === undefined ? "the token" : `token ${tokenId}`} of generation "${generation}" of account "${name}"`;
    const lives = await this.#isAlive(account, tokenId, known);
    const user = account.account;
    const whom = isAccessToken(user) ? userText(user) : `user "${user.username}"`;
    this.#say(`This is ${title}, ${whom}. ${lives ? "It lives." : "It is dead already."}`);
    const recorded = state.accounts
      .find((one) => one.account === name)
      ?.compromised.find((one) => one.generation === generation);
    const isInUse = currentOf(generations(account, settings.freezes, this.#today))?.name === generation;
    if (!lives && recorded === undefined && !isInUse) {
      if (await this.#tellOthers(account, generation, known)) return exitCodes.alive;
      this.#say("Nothing uses it, and nothing is left to do.");
      return exitCodes.fine;
    }
    const edit: Edit & { kind: "compromise" } = {
      kind: "compromise",
      account: name,
      // A run that was stopped half-way is carried on: the token that it made is not to be forgotten.
      ...(recorded ?? this.#newLeak(known.tree, name, generation, tokenId)),
    };
    const made = proposal(known.tree, { stack: this.#stack, edit, today: this.#today });
    const declared = accountOf(made.settings, name) ?? account;
    const all = generations(declared, made.settings.freezes, this.#today);
    const steps = foretold({
      account: declared,
      all,
      leaked: generation,
      title: `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`,
      minted: new Map(
        state.tokens.flatMap((one) =>
          one.account === name && one.tokenId !== undefined ? [[one.generation, one.tokenId] as const] : [],
        ),
      ),
      asksForMerge: this.#values["no-merge-request"] !== true,
      ...(made.changes ? { file: made.file } : {}),
    });
    this.#say(
      [this.#isDry ? "This would be done:" : "This is done now:", ...steps.map((one) => `  - ${one}`)].join("\n"),
    );
    if (this.#isDry) {
      this.#say("Nothing was done, and nothing written.");
      return exitCodes.fine;
    }
    this.#write(made);

    // Where resources get another name or another order, Pulumi cannot pass over some of them: then all accounts take part.
    const isMoved = state.isEarlier === true || isRenaming(made.settings, state);
    const targets = isMoved ? [] : targetsOf(declared, made.settings, state, this.#today);
    const [{ code, locked }, { told, isThere }] = await Promise.all([
      act(targets, this.#update),
      this.#leave(edit, state),
    ]);
    const after = { ...known, state: this.#state() };
    const isDead = !(await this.#isAlive(account, tokenId, after));
    this.#say(`\n${isDead ? "Dead" : "ALIVE"}: ${title}.`);
    const next = currentOf(all)?.name;
    const successor = after.state.tokens.find((one) => one.account === name && one.generation === next);
    if (isDead && successor !== undefined && (await this.#isAlive(account, successor.tokenId, after)))
      this.#say(`In its place: token ${successor.tokenId}, generation "${successor.generation}".`);
    this.#say(told);
    if (locked) {
      this.#say(
        "Another run held the stack for all of the time, so the token lives on. End that run, and run this again.",
      );
      return exitCodes.busy;
    }
    if (!isDead) {
      this.#say(
        "What to do: the lines above say why. Mend that and run this again. If that takes too long, revoke the token in GitLab by hand: its places then hold a dead one until this has run.",
      );
      return exitCodes.alive;
    }
    if (await this.#tellOthers(account, generation, after)) return exitCodes.alive;
    if (code === 0 && isThere) return exitCodes.fine;
    if (code !== 0) this.#say("The run was red after that: the lines above say why. The next run goes on with it.");
    return exitCodes.unfinished;
  }

  /** The id that was given, or the generation. */
  #asked(settings: Settings): number | { readonly account: string; readonly generation: string } {
    const { "token-id": written, account, generation } = this.#values;
    if (written === undefined || written === "") {
      if (account !== undefined && generation !== undefined) return { account, generation };
      const one = account === undefined ? undefined : accountOf(settings, account);
      const all = one === undefined ? [] : generations(one, settings.freezes, this.#today);
      const inUse = currentOf(all)?.name;
      const names = all.map(({ name }) => (name === inUse ? `${name} (in use)` : name)).join(", ");
      const there = names === "" ? "" : ` Generations of account "${account}": ${names}.`;
      throw new UsageError(`Reading the command line: give --token-id, or --account and --generation.${there}`);
    }
    // What is no number may be the token itself: it is not repeated.
    if (!/^\d{1,15}$/.test(written))
      throw new UsageError(
        "Reading --token-id: found no number. Give GitLab's id of the token, never the token itself.",
      );
    return Number(written);
  }

  async #named({ account: name, generation }: { account: string; generation: string }, known: Known): Promise<Leak> {
    const { settings } = known;
    const account = accountOf(settings, name);
    if (account === undefined) {
      const there = settings.accounts.map((one) => one.name);
      throw new UsageError(unknownAccount(name, there, [this.#stack]));
    }
    return { account, generation, tokenId: await tokenIdOf(account, generation, this.#today, known) };
  }

  #newLeak(tree: Tree, account: string, generation: string, tokenId: number | undefined) {
    const { reason: written } = this.#values;
    const reason = written ? reasonOf(written) : `token ${tokenId ?? "of this generation"} was reported as compromised`;
    if (reason === undefined)
      throw new UsageError("Reading --reason: write why, in a sentence that stands in the declaration. Never a token.");
    return leak(tree, this.#stack, { account, generation, reason }, this.#today);
  }

  /** Whether a token lives. Those of a plain user are for that user alone to see: there, the state tells. */
  async #isAlive(account: AccountDeclaration, tokenId: number | undefined, known: Known): Promise<boolean> {
    if (rotatesItself(account.account))
      return known.state.tokens.some((one) => one.tokenId === tokenId && one.status === "live");
    const userId = await userIdOf(account, known);
    const active = await tokensOf(whoseTokens(account, userId), known.at, { state: "active" });
    return active.some(({ id }) => id === tokenId);
  }

  /** Whoever held a leaked token can have had it rotate itself: tells what it may have become. */
  async #tellOthers(account: AccountDeclaration, generation: string, known: Known): Promise<boolean> {
    const others = await leftovers(account, generation, known);
    for (const { id, because } of others)
      this.#say(
        `ALIVE: token ${id} ${because}, and is none that the state knows. Whoever held the leaked one can have had it rotate itself into this. To end it, run this again with --token-id ${id} --revoke-undeclared.`,
      );
    return others.length > 0;
  }

  /**
   * Puts into the files what emergencies did and nobody has merged yet; a dry run, into a copy of them. Answers the files with
   * it, and whether there was anything.
   */
  #carryOver(tree: Tree, settings: Settings, state: KnownState) {
    const { files, faults } = carryOver(tree, this.#stack, settings, state, this.#today);
    for (const { file, text, told } of files) {
      if (!this.#isDry) writeFileSync(resolve(this.#folder, file), text);
      this.#say(told);
    }
    for (const fault of faults) this.#say(fault);
    return {
      tree: files.reduce((all, { file, text }) => withFile(all, file, text), tree),
      files: [...new Set(files.map(({ file }) => file))],
      isBehind: files.length + faults.length > 0,
    };
  }

  #leave(edit: Edit & { kind: "compromise" }, state: KnownState): Promise<Left> {
    if (this.#values["no-merge-request"] === true)
      return Promise.resolve({ isThere: true, told: "No merge request was asked for." });
    const { environment } = this.#at;
    const [folder, stack, today] = [this.#folder, this.#stack, this.#today];
    return leave(edit, { folder, environment, stack, today, state, project: this.#values.project });
  }

  #settings(tree: Tree): Settings {
    const read = readStack(tree, this.#stack);
    if (read === undefined) throw new UsageError(unknownStack(tree, this.#stack));
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

  /** How the account is updated. */
  get #update(): ActOptions {
    const { wait, engine, "no-other-run-is-alive": alone } = this.#values;
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

  #say(text: string): void {
    this.#at.print(`${visible(text)}\n`);
  }
}

/** Whether the next run gives resources another name: an account has one in the state that it had before. */
function isRenaming({ accounts }: Settings, state: KnownState): boolean {
  return accounts.some(({ formerly }) => state.accounts.some(({ account }) => account === formerly));
}
