import type { Sandbox } from "../sandbox/controls";
import type { Exchange } from "../sandbox/traffic";
import { declarationOf, projectOf } from "./fleet/fleet";
import { arm } from "./fleet/hazards";
import { Person } from "./fleet/person";
import type { History, RunStep, Step } from "./fleet/steps";
import { Troubles } from "./fleet/troubles";
import type { Driver, Outcome } from "./levels/driver";
import { hours } from "./time";
import { eyesOn } from "./watching/eyes";
import { Watch } from "./watching/watch";

/** How much was done. */
export interface Tally {
  runs: number;
  requests: number;
  /** Tokens that came to be in all places of their account. */
  rotations: number;
  /** Tokens that the product revoked. */
  revocations: number;
  virtualDays: number;
  /** Real milliseconds in runs of the product. */
  inRuns: number;
}

/** What was seen of the requests of a run. */
interface Seen {
  requests: number;
  /** A server's fault hit one, beside the refusals of a locked place. */
  hit: boolean;
  /** What was written was answered with a lie. */
  lied: boolean;
  readonly at: (nth: number) => void;
}

/** Plays a history, step by step, and has the watch look on. */
export class Stage {
  readonly watch: Watch;
  readonly tally: Tally = { runs: 0, requests: 0, rotations: 0, revocations: 0, virtualDays: 0, inRuns: 0 };
  /** What the last run said went wrong. */
  said: readonly string[] = [];
  readonly #person: Person;
  readonly #troubles: Troubles;
  /** Of the run that is under way. */
  #seen: Seen | undefined;

  constructor(
    private readonly history: History,
    private readonly sandbox: Sandbox,
    private readonly driver: Driver,
  ) {
    // A run takes no time on the servers' clock, as it takes none on the product's, which is given its instant.
    sandbox.clock.freeze();
    const declaration = declarationOf(history.members, history.startsAt, history.health);
    driver.configure(declaration);
    this.watch = new Watch(eyesOn(sandbox), declaration);
    this.#person = new Person(declaration, this.watch, sandbox.clock);
    this.#troubles = new Troubles(sandbox, this.watch);
    sandbox.traffic.watch({ handled: (exchange) => this.#see(exchange) });
  }

  /** Plays one step. */
  async play(step: Step): Promise<void> {
    const { watch, sandbox } = this;
    // A history that was made smaller speaks of accounts that are not there.
    const at = step.do === "edit" ? ("at" in step.edit ? step.edit.at : undefined) : "at" in step ? step.at : undefined;
    if (at !== undefined && !this.history.members.some((one) => one.at === at)) return;
    switch (step.do) {
      case "pass":
        sandbox.clock.advance({ hours: step.hours });
        this.tally.virtualDays += step.hours / 24;
        return watch.passed();
      case "edit":
        if (this.#person.edit(step.edit)) this.driver.configure(this.#person.declaration);
        return;
      case "run":
        return this.#run(step);
      case "pipeline":
        return this.#troubles.pipeline(step.at, step.red);
      case "lock":
        return this.#troubles.lock(step);
      case "hand":
        return this.#troubles.hand(step);
      case "schedules":
        for (const { at } of this.history.members) sandbox.gitlab.runSchedule(projectOf(at), "Weekly");
        await new Promise((done) => setTimeout(done, 200));
        return;
      case "backup":
        return this.driver.backup();
      case "restore":
        this.driver.restore();
        watch.disturb();
        return this.#onlyRefreshSees();
      case "forget":
        this.driver.forget(step.nth);
        return watch.disturb();
    }
  }

  /** Sums up what the watch saw. */
  get counted(): Tally {
    const { known, tokens } = this.watch.ledger;
    const ours = [...tokens.values()].filter(({ mark }) => mark !== undefined);
    const rotations = ours.filter(({ id }) => known.get(id)?.placedAt !== undefined).length;
    const revocations = [...known.values()].filter(({ revokedAt, endedByHand }) => revokedAt && !endedByHand).length;
    return { ...this.tally, rotations, revocations };
  }

  #see(exchange: Exchange): void {
    const seen = this.#seen;
    if (seen === undefined) return;
    this.tally.requests += 1;
    seen.requests += 1;
    const isFault = exchange.fault !== undefined && !this.#troubles.isLock(exchange);
    seen.hit ||= isFault;
    seen.lied ||= isFault && exchange.fault === "lie" && exchange.method !== "GET";
    this.watch.requested(exchange.method);
    seen.at(seen.requests);
  }

  async #run(step: RunStep): Promise<void> {
    const { watch, sandbox, driver } = this;
    const flags = this.#flags(step);
    if ((step.target ?? step.exclude ?? step.replace) !== undefined && flags.length === 0) return;
    const power = new AbortController();
    const at = (nth: number) => {
      if (nth === step.kill) power.abort();
    };
    watch.passed();
    watch.goesBy(hours(step.skewHours ?? 0));
    const seen: Seen = { requests: 0, hit: false, lied: false, at };
    this.#seen = seen;
    const begunAt = sandbox.clock.now().getTime();
    const { code, printed } = await this.#ran(step, flags, power.signal);
    this.#seen = undefined;
    this.said = errorsIn(printed);
    if (power.signal.aborted) await driver.cancel();
    if (seen.lied) this.#onlyRefreshSees();
    // An engine that does not know a flag does nothing.
    if (code !== 0 && flags.length > 0 && seen.requests === 0 && /unknown (flag|option)/i.test(printed)) return;
    const sees = seeing(step);
    const state = driver.state();
    watch.ended({
      ...{ begunAt, command: step.command, code, sees, printed, stored: driver.stored() },
      isWhole: step.target === undefined && step.exclude === undefined && step.replace === undefined,
      // A connection that breaks before its request is handled is seen by nobody.
      isClean:
        !seen.hit &&
        !power.signal.aborted &&
        (step.hazards ?? []).length === 0 &&
        step.deadCredential === undefined &&
        step.twice === undefined,
      inState: new Set([...state.matchAll(/[":\s](\d{4,9})\b/g)].map(([, digits]) => Number(digits))),
    });
    if (step.command === "up") this.#troubles.countRed(sees);
  }

  /** Runs the product, on two machines where that is asked for. */
  async #ran(step: RunStep, flags: readonly string[], kill: AbortSignal): Promise<Outcome> {
    const { sandbox, driver, history } = this;
    const asOf = new Date(sandbox.clock.now().getTime() + hours(step.skewHours ?? 0)).toISOString();
    const environment = {
      ...(step.skewHours === undefined ? {} : { PAT_ROTATION_AS_OF: asOf }),
      ...(step.deadCredential ? { GITLAB_TOKEN: sandbox.gitlab.tokenValue("owner-expired") } : {}),
    };
    const disarm = arm(sandbox.traffic, step.hazards ?? []);
    const since = performance.now();
    const asked = { command: step.command, flags, wrapped: history.wrapped, environment, kill };
    const all = await Promise.all([driver.run(asked), ...(step.twice ? [driver.run(asked)] : [])]);
    this.tally.inRuns += performance.now() - since;
    this.tally.runs += 1;
    disarm();
    return { code: Math.max(...all.map(({ code }) => code)), printed: all.map(({ printed }) => printed).join("") };
  }

  #flags({ target, exclude, replace }: RunStep): readonly string[] {
    const { accounts } = this.#person.declaration;
    const named = (all: readonly number[] = []) =>
      accounts.filter((block) => all.includes(this.#person.numberOf(block))).map(({ name }) => name);
    return [
      ...named(target).flatMap((name) => resources(name, "--target")),
      ...named(exclude).flatMap((name) => resources(name, "--exclude")),
      ...named(replace && [replace.at]).flatMap((name) => this.#tokenInUse(name, replace?.flag ?? "")),
    ];
  }

  #tokenInUse(name: string, flag: string): readonly string[] {
    const current = this.#person.currentOf(name);
    const urns = [...this.driver.state().matchAll(/"urn":\s*"([^"]+)"/g)].map(([, urn = ""]) => urn);
    const meant = urns.find((urn) => urn.includes("PersonalAccessToken") && urn.endsWith(`::${name}-${current}`));
    return meant === undefined ? [] : [flag, meant];
  }

  /** What the state says is no longer what is: a refresh alone would see it. */
  #onlyRefreshSees(): void {
    for (const { name } of this.#person.declaration.accounts)
      this.watch.faultsOf(this.watch.lines.of(name)).add("by hand");
  }
}

/** Lines that tell an error, without what may be a token. */
function errorsIn(printed: string): readonly string[] {
  const lines = printed.split("\n").filter((line) => /error|Duplicate|failed/i.test(line));
  return [...new Set(lines)].slice(0, 12).map((line) =>
    line
      .trim()
      .replace(/\S*SANDBOX-ONLY\S*/g, "[a token]")
      .slice(0, 300),
  );
}

/** Whether a run was to see to an account. */
function seeing({ target, exclude, replace }: RunStep): (line: string) => boolean {
  return (line) => {
    const at = Number(/^a(\d+)/.exec(line)?.[1]);
    return (target?.includes(at) ?? true) && !(exclude?.includes(at) ?? false) && replace === undefined;
  };
}

/** The resources of an account, as the page on leaked tokens and the wrapper name them. */
function resources(name: string, flag: string): readonly string[] {
  return [`**::${name}`, `**::${name}/**`, `**::${name}-*`].flatMap((pattern) => [flag, pattern]);
}
