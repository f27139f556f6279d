import { Base } from "./base";
import { Executor, type Journal, Protected } from "./executor";
import { bareGoal, type Goal } from "./goal";
import { needs } from "./graph";
import { Hooks } from "./hooks";
import { Bail, Planner } from "./planner";
import type { Plugin } from "./provider";
import { type Refreshed, refresh } from "./refresh";
import type { Registry } from "./registry";
import type { ResourceState, Values } from "./state/deployment";
import type { Session } from "./state/session";
import { type Events, type Registered, Registration, type Step } from "./step";
import { Targets } from "./targets";
import { packageOf, providerTypeOf, stackType, typeOf } from "./urn";

/** What a run is to do, and with what. */
export interface DeploymentOptions {
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  /** What the state holds. */
  readonly resources: readonly ResourceState[];
  /** Where to write what is done; none in a preview. */
  readonly session?: Session;
  readonly registry: Registry;
  readonly events: Events;
  /** How many steps may be under way at a time. */
  readonly parallel: number;
  readonly continueOnError: boolean;
  readonly targets: readonly string[];
  readonly targetDependents: boolean;
  readonly clearPendingCreates?: boolean;
}

const forgetful: Journal = {
  begin: () => Promise.resolve(0),
  end: () => Promise.resolve(),
  same: () => Promise.resolve(),
  change: () => Promise.resolve(),
};

/** Something that exists, to be taken into the state. */
export interface ImportRequest {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly protect: boolean;
}

/** One run over a stack: plans registrations one after the other, carries out their steps side by side. */
export class Deployment {
  readonly hooks: Hooks;
  readonly #options: DeploymentOptions;
  readonly #base: Base;
  readonly #planner: Planner;
  readonly #executor: Executor;
  readonly #targets: Targets;
  /** Fulfilled when the run has been stopped: nothing new begins. */
  readonly stopped: Promise<void>;
  #stop!: () => void;
  #halted = false;
  #cancelled = false;
  #failed = false;
  #planning: Promise<unknown> = Promise.resolve();
  #running = 0;
  readonly #waiting: Array<() => void> = [];
  readonly #chains = new Set<Promise<void>>();
  readonly #failedSteps: Step[] = [];
  /** URNs that failed or were skipped: what needs one of them is skipped. */
  readonly #skipped = new Set<string>();
  #stackOutputs: { readonly urn: string; readonly outputs: Values } | undefined;

  constructor(options: DeploymentOptions) {
    this.#options = options;
    const { events, preview } = options;
    this.#base = new Base(options.resources);
    this.#targets = new Targets(options.targets);
    this.hooks = new Hooks(preview, (urn, message) => events.message("warning", message, urn));
    const shared = { ...options, base: this.#base };
    this.#executor = new Executor({ ...shared, hooks: this.hooks, journal: options.session ?? forgetful });
    this.#planner = new Planner({ ...shared, targets: this.#targets });
    this.stopped = new Promise((fulfil) => {
      this.#stop = fulfil;
    });
  }

  /** Whether the run was asked to stop. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Whether anything went wrong. */
  get failed(): boolean {
    return this.#failed || this.#cancelled || this.#planner.failed || this.#executor.failedAfterwards;
  }

  /** What the program registers. Never answered once the run has been stopped. */
  async register(registration: Registration): Promise<Registered> {
    void this.#plan(registration.goal.name, async () => {
      if (registration.readId !== undefined) return this.#start(this.#planner.receiveRead(registration));
      const { pending, importing } = this.#planner.receive(registration);
      if (importing === undefined) return this.#start(await this.#planner.decide(pending));
      // The import is read side by side with other steps; what it found is then compared like any other state.
      void this.#chain([importing]).then(() =>
        this.#plan(registration.goal.name, async () => {
          const imported = this.#executor.news.get(pending.urn);
          if (imported?.step.op !== importing.op) return;
          this.#start(await this.#planner.decide({ ...pending, old: imported.state, imported: true }));
        }),
      );
    });
    return registration.done;
  }

  /** What stands behind a provider resource. */
  provider(reference: string): Promise<Plugin> {
    return this.#options.registry.ensure(reference, (urn) => this.#find(urn));
  }

  /** Outputs that a component or the program registers. The program's are kept for the end. */
  async registerOutputs(urn: string, outputs: Values): Promise<void> {
    if (typeOf(urn) === stackType) this.#stackOutputs = { urn, outputs };
    else await this.#plan(urn, () => this.#executor.registerOutputs(urn, outputs));
    if (this.#executor.failedAfterwards && !this.#options.continueOnError) this.#halt();
  }

  /** Takes something that exists into the state, as its provider reads it: below the stack, all else as it is. */
  async import({ type, name, id, protect }: ImportRequest): Promise<void> {
    const { project, stack } = this.#options;
    const root = this.#base.resources.find((state) => state.type === stackType);
    await this.#plan("state", () => this.#chain(this.#planner.keepAll()));
    const parent = root?.urn ?? (await this.#made(bareGoal(stackType, `${project}-${stack}`, false)))?.urn;
    const kind = providerTypeOf(packageOf(type));
    const known = this.#base.resources.find((state) => state.type === kind);
    const { urn, id: own } = known ?? (await this.#made(bareGoal(kind, "default", true))) ?? {};
    if (parent === undefined || urn === undefined) return;
    const provider = `${urn}::${own}`;
    await this.provider(provider);
    await this.#plan(name, async () => {
      const goal = { ...bareGoal(type, name, true), parent, provider, importID: id, protect };
      const { importing } = this.#planner.receive(new Registration(goal));
      if (importing === undefined || importing.old !== undefined) throw new Error(`resource '${name}' already exists`);
      await this.#chain([{ ...importing, byCommand: true }]);
    });
  }

  /** `undefined` when the run has been stopped. */
  async #made(goal: Goal): Promise<ResourceState | undefined> {
    return (await Promise.race([this.register(new Registration(goal)), this.stopped]))?.state;
  }

  /** Compares the state with the world before anything else. */
  async refresh(): Promise<Refreshed> {
    const { registry, events, preview, session, targetDependents, clearPendingCreates = false } = this.#options;
    this.checkTargets();
    const refreshed = await refresh({
      registry,
      events,
      preview,
      targetDependents,
      clearPendingCreates,
      targets: this.#targets,
      base: this.#base,
      limit: (work) => this.#limited(work),
      ...(session && { session }),
    });
    this.#failed ||= refreshed.failed;
    return refreshed;
  }

  /** Complains about targets that are not there. */
  checkTargets(): void {
    const urns = [...this.#base.resources.map(({ urn }) => urn), ...this.#executor.news.keys()];
    const missing = this.#targets.unmatched(urns);
    for (const urn of missing) this.#options.events.message("error", `no resource named '${urn}' found`, undefined);
    if (missing.length > 0) this.#failed = true;
  }

  /** The program has registered all it wants: what it did not is deleted, unless something failed. */
  async finish(): Promise<void> {
    await this.#planning;
    await this.#idle();
    if (this.#halted) return;
    if (this.#targets.named) this.checkTargets();
    await this.#plan("deletes", () => this.#delete());
  }

  /** What did not come from a step went wrong: the program, say. Nothing new begins. */
  fail(): void {
    this.#failed = true;
    this.#halt();
  }

  /** Somebody asked to stop: what is under way is cancelled, nothing new begins. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    this.#halt();
    await this.#options.registry.cancel();
  }

  /** Waits for what is under way, and writes down the program's outputs. */
  async close(): Promise<void> {
    await this.#planning;
    await this.#idle();
    if (this.#stackOutputs === undefined) return;
    const { urn, outputs } = this.#stackOutputs;
    // After a failure a missing output may only not have come to be: the old one stays.
    const kept = this.failed ? this.#base.find(urn)?.outputs : undefined;
    if (this.#executor.news.has(urn)) await this.#executor.registerOutputs(urn, { ...kept, ...outputs });
  }

  async #delete(): Promise<void> {
    const { continueOnError } = this.#options;
    const { keep, remove } = this.#planner.deletes();
    for (const { old } of remove) {
      if (old?.provider && !old.external) await this.provider(old.provider);
    }
    for (const step of remove) this.#executor.deleting.add(step.urn);
    await this.#chain(keep);
    const steps = new Map(remove.map((step) => [step.old, step]));
    const graph = this.#base.graph;
    const condemned = new Set(remove.flatMap(({ old }) => old ?? []));
    for (const layer of graph.layers(condemned)) {
      // What a resource needs that could not be deleted stays as well.
      const spared = graph.needed(this.#failedSteps.flatMap((step) => step.old ?? step.next ?? []));
      const going = layer.filter((state) => !spared.has(state)).flatMap((state) => steps.get(state) ?? []);
      await Promise.all(going.map((step) => this.#chain([step])));
      if (this.#halted && !continueOnError) return;
    }
  }

  #find(urn: string): ResourceState | undefined {
    return this.#base.find(urn) ?? this.#base.resources.find((state) => state.urn === urn);
  }

  /** Plans one thing after the other, as a planner must. What goes wrong in planning stops the run. */
  #plan(subject: string, work: () => unknown): Promise<void> {
    const planned = this.#planning.then(async () => {
      if (this.#halted) return;
      try {
        await work();
      } catch (error) {
        if (!(error instanceof Bail))
          this.#options.events.message("error", error instanceof Error ? error.message : `${subject}: ${error}`);
        this.fail();
      }
    });
    this.#planning = planned;
    return planned;
  }

  /** Carries out steps one after the other, beside those of other resources. */
  #start(steps: readonly Step[]): void {
    const skipped = steps.filter(({ next, old }) =>
      [...needs(next ?? old ?? nothing)].some((urn) => this.#skipped.has(urn)),
    );
    for (const { urn, registration, next } of skipped) {
      this.#skipped.add(urn);
      if (next !== undefined) registration?.settle({ result: "skipped", state: next });
    }
    const chain = steps.filter((step) => !skipped.includes(step));
    if (chain.length > 0) void this.#chain(chain);
  }

  #chain(steps: readonly Step[]): Promise<void> {
    const chain = this.#limited(async () => {
      for (const step of steps) {
        if (this.#halted || !(await this.#carryOut(step))) return;
      }
    });
    this.#chains.add(chain);
    return chain.finally(() => this.#chains.delete(chain));
  }

  async #carryOut(step: Step): Promise<boolean> {
    const { events, continueOnError } = this.#options;
    try {
      await this.#executor.run(step);
      if (this.#executor.failedAfterwards && !continueOnError) this.#halt();
      return true;
    } catch (error) {
      this.#failed = true;
      events.message("error", error instanceof Error ? error.message : String(error), step.urn);
      // Protected ones are all told of in one run: nothing was done to them.
      if (!continueOnError && !(error instanceof Protected)) {
        this.#halt();
        return false;
      }
      this.#failedSteps.push(step);
      this.#skipped.add(step.urn);
      if (step.next !== undefined) {
        const state = this.#executor.news.get(step.urn)?.state ?? step.next;
        step.registration?.settle({ result: "failed", state });
      }
      return false;
    }
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#options.parallel) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #halt(): void {
    this.#halted = true;
    this.#stop();
  }

  async #idle(): Promise<void> {
    while (this.#chains.size > 0) await Promise.allSettled(this.#chains);
  }
}

const nothing: ResourceState = { urn: "", custom: false, type: "" };
