import type { Run } from "../../engines/engine";
import { type Event, upcoming } from "../../rotation/calendar/upcoming";
import { parseSettings } from "../../rotation/declaration/settings";
import type { Sandbox } from "../sandbox/controls";
import type { SandboxStack } from "../sandbox/stack";
import { isWrite } from "../sandbox/traffic";
import { EngineOutput } from "./engineOutput";
import { dayTitle, type Narrator } from "./narrator";

const inventory = {
  name: "inventory",
  title: "GitLab Security Service - Architecture - Inventory",
  username: "gl-security-inventory",
  project: "security/inventory-builder",
  job: "build-inventory",
} as const;
const scanner = {
  name: "scanner",
  title: "GitLab Security Service - Architecture - Scanner",
  username: "gl-security-scanner",
  project: "security/scanner",
} as const;
const variable = "GITLAB_API_TOKEN";

const whatHappens: Readonly<Record<Event["event"], string>> = {
  mint: "made and put in place",
  switch: "put in place again",
  retire: "revoked, if nobody uses it any more",
  expire: "dies by itself",
};

/** An account's state, as the stack's output `rotations` has it. */
interface Rotation {
  readonly generation: string;
  readonly expiresAt: string;
  readonly consumers: readonly string[];
  readonly proofs: readonly string[];
}

/** The story of the demo, chapter by chapter. Each chapter checks what it tells: a demo that goes wrong ends in an error. */
export class Story {
  readonly #printed: string[] = [];
  readonly #told: string[] = [];

  constructor(
    readonly sandbox: Sandbox,
    readonly stack: SandboxStack,
    readonly narrator: Narrator,
  ) {}

  /** Tells all of it. */
  async tell(): Promise<void> {
    this.narrator.say(
      `The runbook's own incident, played in a sandbox: a GitLab and a 1Password Connect server on this machine, with a clock of their own. Nothing leaves the machine. Engine: ${this.stack.engine.name}.`,
    );
    this.incident();
    await this.plan();
    await this.rescue();
    await this.again();
    await this.nextRotation();
    await this.retirement();
    await this.failure();
    await this.mended();
    await this.closing();
  }

  private incident(): void {
    const { narrator, sandbox } = this;
    narrator.chapter("The incident", sandbox.clock.now());
    narrator.say(
      `Group security owns the service account "${inventory.title}". Somebody made its token by hand a year ago; it died at midnight, and nobody read the e-mail.`,
    );
    const failed = [...sandbox.gitlab.state.pipelines.values()].find(({ status }) => status === "failed");
    narrator.bad(
      `Pipeline "Weekly - Monday mornings" of ${inventory.project} ${failed?.status}: GitLab answered 401 "Token is expired".`,
    );
    narrator.bad(`CI/CD variable ${variable} of ${inventory.project} holds the dead token.`);
    narrator.bad(`1Password item "${inventory.title}" in vault Security does, too.`);
    this.check(
      this.alive(scanner, sandbox.gitlab.variable(scanner.project, variable)),
      `A second account, "${scanner.title}", is well: its hand-made token lives for three more weeks.`,
    );
  }

  private async plan(): Promise<void> {
    const { narrator, sandbox } = this;
    narrator.chapter("The plan, and what a preview shows", sandbox.clock.now());
    narrator.say("Pulumi.sandbox.yaml declares both accounts. What its dates ask for in the next 60 days:");
    const settings = parseSettings(this.stack.settings());
    narrator.table(
      ["Date", "Account", "Token of", "What happens"],
      upcoming(settings, sandbox.clock.today(), 60).map(({ date, account, event, generation }) => [
        dayTitle(date),
        account,
        generation === "adopted" ? "adopted (hand-made)" : generation,
        whatHappens[event],
      ]),
    );
    narrator.say("And what a preview shows, before anything is done:");
    const writes = this.writes();
    await this.run("preview");
    this.check(this.writes() === writes, "The preview wrote nothing, neither in GitLab nor in 1Password.");
  }

  private async rescue(): Promise<void> {
    const { narrator, sandbox } = this;
    narrator.chapter("One command mends it", sandbox.clock.now());
    narrator.say(
      "It mints a token, tests it, stores it in 1Password and in the variable, reruns the pipeline that had failed, and waits until it has passed.",
    );
    await this.run("up");
    this.consumersHoldTheLiveToken(inventory);
    this.lastPipelinePassed(inventory);
  }

  private async again(): Promise<void> {
    const { narrator, sandbox } = this;
    narrator.chapter("The same again: nothing to do", sandbox.clock.now());
    const before = sandbox.traffic.requests.length;
    await this.run("up", ["--expect-no-changes"]);
    this.check(
      sandbox.traffic.requests.length === before,
      "Not one request was sent: a run that has nothing to do asks nobody anything.",
    );
  }

  private async nextRotation(): Promise<void> {
    const { narrator, sandbox } = this;
    sandbox.clock.set("2026-11-30T06:30:00Z");
    narrator.chapter("A week later: the scanner rotates in time", sandbox.clock.now());
    narrator.say("Its hand-made token would die in two weeks. No pipeline has to fail for it to be replaced.");
    await this.run("up");
    this.consumersHoldTheLiveToken(scanner);
    this.lastPipelinePassed(scanner);
    this.check(
      sandbox.gitlab.liveTokens(scanner.username).length === 2,
      "The scanner's old and new tokens both live: whoever still holds the old one has a week to notice.",
    );
  }

  private async retirement(): Promise<void> {
    const { narrator, sandbox } = this;
    sandbox.clock.set("2026-12-07T06:30:00Z");
    narrator.chapter("Another week later: the old token is revoked", sandbox.clock.now());
    await this.run("up");
    this.check(
      sandbox.gitlab.liveTokens(scanner.username).length === 1,
      "The scanner's hand-made token is revoked; only the new one lives.",
    );
    this.consumersHoldTheLiveToken(scanner);
  }

  private async failure(): Promise<void> {
    const { narrator, sandbox } = this;
    sandbox.clock.set("2026-12-14T06:30:00Z");
    sandbox.gitlab.armJob(inventory.project, inventory.job, { does: "fail" });
    narrator.chapter("A rotation that fails on purpose", sandbox.clock.now());
    narrator.say(
      "A maintainer left the team, so an extra date is declared for the inventory. This time its pipeline fails, whatever token it gets.",
    );
    const before = sandbox.gitlab.variable(inventory.project, variable);
    const { output } = await this.run("up", [], 1);
    this.check(
      output.includes(this.lastPipeline(inventory)?.url ?? "no link"),
      "The error links to the failed pipeline and to its job.",
    );
    this.check(
      sandbox.gitlab.variable(inventory.project, variable) === before &&
        sandbox.onepassword.field("Security", inventory.title, "credential") === before,
      "The old token is back in the variable and in 1Password.",
    );
    this.check(this.alive(inventory, before), "The old token lives: nothing was revoked.");
  }

  private async mended(): Promise<void> {
    const { narrator, sandbox } = this;
    sandbox.gitlab.disarmJob(inventory.project, inventory.job);
    sandbox.clock.advance({ hours: 2 });
    narrator.chapter("Mended: the next run carries on", sandbox.clock.now());
    narrator.say("The pipeline works again. The next run sets the token that failed anew, and tries again.");
    const minted = sandbox.gitlab.issuedTokens().length;
    await this.run("up");
    this.check(
      sandbox.gitlab.issuedTokens().length === minted,
      "No further token was minted: the one of the failed run is used.",
    );
    this.consumersHoldTheLiveToken(inventory);
  }

  private async closing(): Promise<void> {
    const { narrator, sandbox, stack } = this;
    narrator.chapter("How things stand", sandbox.clock.now());
    const rotations = (await stack.outputs()).rotations as Record<string, Rotation>;
    const writes = this.writes();
    const requests = sandbox.traffic.requests.length;
    narrator.command("npx pat-rotation status --stack sandbox");
    const status = await stack.status();
    for (const line of status.stdout.trimEnd().split("\n")) narrator.engine({ kind: "report", text: line });
    this.#told.push(status.output);
    this.check(status.code === 0, "Exit code 0: nothing is late, and nobody is at risk.");
    narrator.say(
      `Requests sent in all ${this.#printed.length} runs: ${requests}, of which ${writes} were writes. The status asked nobody.`,
    );
    for (const account of [inventory, scanner]) {
      const { generation, proofs } = rotations[account.name] ?? { proofs: [] };
      this.check(
        proofs.some((url) => url === this.lastPipeline(account)?.url),
        `${account.name}: generation ${generation} was proven by the latest pipeline of ${account.project}.`,
      );
    }
    this.check(this.leaks() === 0, "No value of any token was printed, or stored unencrypted in the state.");
    narrator.say(`Engine: ${stack.engine.name}.`);
    narrator.say(
      "What next: npm run sandbox starts the same two servers for you to point Pulumi at; README.md says how to declare your own accounts.",
    );
  }

  private async run(command: "preview" | "up", flags: readonly string[] = [], expected = 0): Promise<Run> {
    this.narrator.command([`npm run ${command} -- --stack sandbox`, ...flags].join(" "));
    const lines = new EngineOutput((said) => this.narrator.engine(said));
    const done = this.narrator.wait();
    const coloured = this.narrator.colour && !this.stack.engine.embedded ? ["--color=always"] : [];
    const run = await this.stack[command]([...flags, ...coloured], { onOutput: (text) => lines.take(text) }).finally(
      done,
    );
    lines.end();
    this.#printed.push(run.output);
    if (run.code !== expected) {
      this.narrator.say(`The engine printed:\n${run.output}`);
    }
    this.check(
      run.code === expected,
      `Exit code ${run.code}${expected === 0 ? "." : ": the run is red, as it must be."}`,
    );
    return run;
  }

  private consumersHoldTheLiveToken({ project, title, username }: typeof inventory | typeof scanner): void {
    const { gitlab, onepassword } = this.sandbox;
    const value = gitlab.variable(project, variable);
    const newest = gitlab.liveTokens(username).at(-1);
    this.check(
      value !== undefined && newest?.value === value,
      `${variable} of ${project} holds the new token, which expires on ${newest?.expiresAt}.`,
    );
    this.check(onepassword.field("Security", title, "credential") === value, "So does its item in 1Password.");
  }

  private lastPipelinePassed(account: typeof inventory | typeof scanner): void {
    const pipeline = this.lastPipeline(account);
    this.check(pipeline?.status === "success", `Pipeline ${pipeline?.id} of ${account.project} passed with it.`);
  }

  private lastPipeline({
    project,
  }: typeof inventory | typeof scanner): { id: number; status: string; url: string } | undefined {
    const { gitlab } = this.sandbox;
    const last = [...gitlab.state.pipelines.values()]
      .filter((pipeline) => gitlab.state.projectById(pipeline.projectId).path === project)
      .sort((one, other) => one.id - other.id)
      .at(-1);
    return last === undefined
      ? undefined
      : { id: last.id, status: last.status, url: `${gitlab.url}/${project}/-/pipelines/${last.id}` };
  }

  /** How many token values, of all that were ever issued, stand in plain text in what was printed or in the state. */
  private leaks(): number {
    const written = [...this.#printed, ...this.#told, ...this.stack.stored()].join("\n");
    return this.sandbox.gitlab.issuedTokens().filter((value) => written.includes(value)).length;
  }

  private alive({ username }: typeof inventory | typeof scanner, value: string | undefined): boolean {
    return this.sandbox.gitlab.liveTokens(username).some((token) => token.value === value);
  }

  private writes(): number {
    return this.sandbox.traffic.requests.filter(isWrite).length;
  }

  private check(holds: boolean, fact: string): void {
    if (!holds) {
      this.narrator.bad(fact);
      throw new Error(`The demo did not go as it should: "${fact}" does not hold.`);
    }
    this.narrator.good(fact);
  }
}
