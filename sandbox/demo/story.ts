import { parseSettings } from "../../rotation/settings";
import { upcoming } from "../../rotation/upcoming";
import type { Run } from "../../scripts/engine";
import type { Sandbox } from "../sandbox";
import type { SandboxStack } from "../stack";
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

/** The story of the demo, chapter by chapter. Each chapter checks what it tells: a demo that goes wrong ends in an error. */
export class Story {
  constructor(
    readonly sandbox: Sandbox,
    readonly stack: SandboxStack,
    readonly narrator: Narrator,
  ) {}

  /** Tells all of it. */
  async tell(): Promise<void> {
    this.narrator.say(
      `A GitLab and a 1Password Connect server run on this machine, with a clock of their own; nothing leaves it. What runs the project: ${this.stack.engine.name}.`,
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
      `pipeline "Weekly - Monday mornings" of ${inventory.project}: ${failed?.status ?? "failed"}, the API answered 401 "Token is expired"`,
    );
    narrator.bad(`CI/CD variable ${variable} of ${inventory.project}: the dead token`);
    narrator.bad(`1Password, vault Security, item "${inventory.title}": the dead token`);
    narrator.say(`A second account, "${scanner.title}", is well: its hand-made token lives for three more weeks.`);
  }

  private async plan(): Promise<void> {
    const { narrator, sandbox } = this;
    narrator.chapter("The plan, and what a preview shows", sandbox.clock.now());
    narrator.say("Both accounts are declared in Pulumi.sandbox.yaml. What the dates ask for in the next 60 days:");
    const settings = parseSettings(this.stack.settings());
    narrator.table(
      ["Date", "Account", "What", "Generation"],
      upcoming(settings, sandbox.clock.today(), 60).map(({ date, account, event, generation }) => [
        dayTitle(date),
        account,
        event,
        generation,
      ]),
    );
    const writes = this.writes();
    await this.run("preview");
    this.check(this.writes() === writes, "a preview writes nothing");
  }

  private async rescue(): Promise<void> {
    const { narrator, sandbox } = this;
    narrator.chapter("One command: pulumi up", sandbox.clock.now());
    narrator.say("Mint, test, store in 1Password, set the variable, rerun the pipeline, wait until it has passed.");
    await this.run("up");
    this.consumersHoldTheLiveToken(inventory);
  }

  private async again(): Promise<void> {
    const { narrator, sandbox } = this;
    narrator.chapter("The same again: nothing to do", sandbox.clock.now());
    const before = sandbox.traffic.requests.length;
    await this.run("up", ["--expect-no-changes"]);
    this.check(sandbox.traffic.requests.length === before, "not one request was sent");
  }

  private async nextRotation(): Promise<void> {
    const { narrator, sandbox } = this;
    sandbox.clock.set("2026-11-30T06:30:00Z");
    narrator.chapter("A week later: the next rotation, before anything expires", sandbox.clock.now());
    await this.run("up");
    this.consumersHoldTheLiveToken(scanner);
    this.check(sandbox.gitlab.liveTokens(scanner.username).length === 2, "the scanner's old and new tokens both live");
  }

  private async retirement(): Promise<void> {
    const { narrator, sandbox } = this;
    sandbox.clock.set("2026-12-07T06:30:00Z");
    narrator.chapter("Past the overlap: the old token is revoked", sandbox.clock.now());
    await this.run("up");
    this.check(sandbox.gitlab.liveTokens(scanner.username).length === 1, "the scanner's hand-made token is revoked");
    this.consumersHoldTheLiveToken(scanner);
  }

  private async failure(): Promise<void> {
    const { narrator, sandbox } = this;
    sandbox.clock.set("2026-12-14T06:30:00Z");
    sandbox.gitlab.armJob(inventory.project, inventory.job, { does: "fail" });
    narrator.chapter("A rotation that fails on purpose", sandbox.clock.now());
    narrator.say(
      "A maintainer left the team, so an extra date is declared. This time the pipeline fails, whatever token it gets.",
    );
    const before = sandbox.gitlab.variable(inventory.project, variable);
    await this.run("up", [], 1);
    this.check(
      sandbox.gitlab.variable(inventory.project, variable) === before,
      "the variable holds the old value again",
    );
    this.check(this.alive(before), "the old token lives");
  }

  private async mended(): Promise<void> {
    const { narrator, sandbox } = this;
    sandbox.gitlab.disarmJob(inventory.project, inventory.job);
    sandbox.clock.advance({ hours: 2 });
    narrator.chapter("The pipeline is mended; the next run carries on", sandbox.clock.now());
    const minted = sandbox.gitlab.issuedTokens().length;
    await this.run("up");
    this.check(sandbox.gitlab.issuedTokens().length === minted, "no second token was minted");
    this.consumersHoldTheLiveToken(inventory);
  }

  private async closing(): Promise<void> {
    const { narrator, sandbox, stack } = this;
    narrator.chapter("How things stand", sandbox.clock.now());
    const rotations = (await stack.outputs()).rotations as Record<string, Record<string, unknown>>;
    narrator.table(
      ["Account", "Generation", "Expires", "Stored in", "Proven by"],
      Object.entries(rotations).map(([name, state]) => [
        name,
        String(state.generation),
        String(state.expiresAt),
        (state.consumers as string[]).map(place).join("\n"),
        (state.proofs as string[]).map((url) => url.replace(/^https?:\/\/[^/]+\//, "")).join("\n"),
      ]),
    );
    const writes = this.writes();
    narrator.say(
      `Requests sent in all: ${sandbox.traffic.requests.length}, of which ${writes} were writes. Engine: ${stack.engine.name}.`,
    );
    narrator.say(
      "Next: npm run sandbox starts the same servers for you to point Pulumi at; README.md says how to declare your own accounts.",
    );
  }

  private async run(command: "preview" | "up", flags: readonly string[] = [], expected = 0): Promise<Run> {
    this.narrator.command([`pulumi ${command}`, ...flags].join(" "));
    const lines = new EngineOutput((line) => this.narrator.engine(line));
    const run = await this.stack[command](flags, { onOutput: (text) => lines.take(text) });
    lines.end();
    this.check(run.code === expected, `exit code ${run.code}${expected === 0 ? "" : ": red, as it must be"}`);
    return run;
  }

  private consumersHoldTheLiveToken({ project, title, username }: typeof inventory | typeof scanner): void {
    const { gitlab, onepassword } = this.sandbox;
    const value = gitlab.variable(project, variable);
    const newest = gitlab.liveTokens(username).at(-1);
    this.check(
      value !== undefined && newest?.value === value,
      `${variable} of ${project} holds the new token, which expires on ${newest?.expiresAt}`,
    );
    this.check(onepassword.field("Security", title, "credential") === value, "and so does 1Password");
  }

  private alive(value: string | undefined): boolean {
    return this.sandbox.gitlab.liveTokens(inventory.username).some((token) => token.value === value);
  }

  private writes(): number {
    return this.sandbox.traffic.requests.filter(({ method }) => method !== "GET").length;
  }

  private check(holds: boolean, fact: string): void {
    if (!holds) {
      this.narrator.bad(fact);
      throw new Error(`The demo did not go as it should: "${fact}" does not hold.`);
    }
    this.narrator.good(fact);
  }
}

function place(consumer: string): string {
  return consumer.replace(/item ".*" in/, "item … in");
}
