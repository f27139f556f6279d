import { once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { ImportRequest } from "../asked";
import type { Plugins } from "../plugin";
import type { Run } from "../run";
import type { ResourceState, Values } from "../state/deployment";
import type { StateFile } from "../state/stateFile";
import { makeUrn, packageOf, providerTypeOf, stackType, typeOf } from "../urn";
import { Deletions, type Faults } from "./deletions";
import type { Goal } from "./goal";
import { Planner } from "./planner";
import { type Place, Snapshot } from "./snapshot";
import { type Registered, StepFailed, Steps } from "./steps";
import { Targets } from "./targets";
import { Turns } from "./turns";

/** One run over a stack: makes the state and the world what the program's goals ask for. */
export class Deployment {
  /** Whether something went wrong, or somebody asked to stop. */
  failed = false;
  /** Whether somebody asked to stop. */
  cancelled = false;
  readonly #stop = new AbortController();
  /** Fulfilled when the run has been stopped: nothing new begins. */
  readonly stopped = once(this.#stop.signal, "abort").then(() => undefined);
  readonly #planning = new Turns(1, this.#stop.signal);
  readonly #turns: Turns;
  readonly #state: Snapshot;
  readonly #steps: Steps;
  readonly #targets: Targets;
  readonly #planner: Planner;
  /** Default providers, by URN. */
  readonly #providers = new Map<string, Promise<Registered>>();
  #isFinished = false;
  #programOutputs: { readonly urn: string; readonly outputs: Values } | undefined;

  constructor(
    private readonly run: Run,
    readonly plugins: Plugins,
    private readonly resources: readonly ResourceState[],
    session?: StateFile,
  ) {
    this.#turns = new Turns(run.parallel, this.#stop.signal);
    this.#state = new Snapshot(resources, session);
    this.#steps = new Steps(run, plugins, this.#state, this.#turns, () => {
      this.failed = true;
      if (!run.flags["continue-on-error"]) this.#stop.abort();
    });
    this.#targets = new Targets(run.flags);
    const tell = (error: unknown, urn: string) => this.#tell(error, urn);
    this.#planner = new Planner(run, plugins, this.#state, this.#steps, this.#targets, this.#planning, tell);
  }

  /** What the program registers. Never answered once the run has been stopped. */
  async register(goal: Goal): Promise<Registered> {
    try {
      return await this.#planner.plan(goal);
    } catch (error) {
      this.#complain(error, goal.urn);
      if (this.#stop.signal.aborted) return new Promise(() => undefined);
      this.#planner.fates.set(goal.urn, "failed or skipped");
      return { result: "failed", state: goal };
    }
  }

  /** The reference of a package's default provider, which is a resource like any other, named after its version. */
  async provider(packageName: string, version: string): Promise<string> {
    const type = providerTypeOf(packageName);
    const urn = this.#urn("", type, version === "" ? "default" : `default_${version.replace(/[.+-]/g, "_")}`);
    const goal = { urn, type, custom: true, inputs: version === "" ? {} : { version } };
    const registered = this.#providers.get(urn) ?? this.register(goal);
    this.#providers.set(urn, registered);
    return `${urn}::${(await registered).state.id}`;
  }

  /** Outputs that a component or the program registers. The program's are kept for the end. */
  async registerOutputs(urn: string, outputs: Values): Promise<void> {
    if (typeOf(urn) === stackType) this.#programOutputs = { urn, outputs };
    else await this.#turns.take(() => this.#writeOutputs(urn, outputs)).catch((error) => this.#complain(error, urn));
  }

  /** Tells of what the command line names and nobody has: what was there, or has been registered. */
  checkTargets(when: keyof Targets["literals"]): void {
    const there = new Set([...this.#planner.fates.keys(), ...this.resources.map(({ urn }) => urn)]);
    for (const urn of this.#targets.literals[when])
      if (!there.has(urn)) this.#tell(new Error(`Target '${urn}' could not be found in the stack.`));
  }

  /** Compares the state with the world before anything else. What cannot be read stays as it is. */
  async refresh(): Promise<void> {
    const found = new Map<Place, ResourceState | undefined>();
    const targets = new Targets(this.run.flags);
    const meant = [...this.#state.left].filter(({ state }) => targets.refresh(state));
    const looks = meant.map(async (place) => found.set(place, await this.#steps.look(place.state)));
    for (const look of await Promise.allSettled(looks))
      if (look.status === "rejected" && look.reason !== this.#stop.signal.reason) this.#tell(look.reason);
    await this.#state.refresh(found);
  }

  /** Takes something that exists into the state, as its provider reads it: below the stack, all else as it is. */
  async import({ type, name, id, protect }: ImportRequest): Promise<void> {
    const { project, stack } = this.run;
    const ensure = async (type: string, name: string, custom: boolean) => {
      const goal = { urn: this.#urn("", type, name), type, custom };
      return this.resources.find((state) => state.type === type) ?? (await this.register(goal)).state;
    };
    const work = async () => {
      const others = [...this.#state.left].filter(({ state }) => !state.delete);
      if (others.length > 0) await this.#steps.move(others);
      const { urn: parent } = await ensure(stackType, `${project.name}-${stack}`, false);
      const { urn: source, id: number } = await ensure(providerTypeOf(packageOf(type)), "default", true);
      const urn = this.#urn(parent, type, name);
      if (this.#state.olds.has(urn)) throw new Error(`resource '${name}' already exists`);
      const next = { urn, type, custom: true, id, parent, provider: `${source}::${number}`, protect };
      const { state } = await this.#steps.carryOut({ op: "import", urn, next });
      // As with the CLI, an import stands whatever a check finds.
      await this.#planner.check(state, state.inputs, state.inputs).catch(({ errors = [] }) => {
        for (const fault of errors) this.run.report.message("warning", fault, urn);
      });
    };
    await Promise.race([work().catch((error) => this.#complain(error)), this.stopped]);
  }

  /** The program has registered all it wants: what it did not is deleted, unless something stopped the run. */
  async finish(): Promise<void> {
    await this.#turns.onIdle();
    if (this.#stop.signal.aborted || this.#isFinished) return;
    this.#isFinished = true;
    this.checkTargets("run");
    const faults: Faults = { tell: this.#tell.bind(this), stop: this.#complain.bind(this) };
    const deletions = new Deletions(this.run, this.#state, this.#steps, this.#planner, this.#targets, faults);
    await deletions.carryOut().catch(faults.stop);
  }

  /** What did not come from a step went wrong: the program, say. Nothing new begins. */
  fail(): void {
    this.failed = true;
    this.#stop.abort();
  }

  /** Somebody asked to stop: what is under way is cancelled, nothing new begins. */
  async cancel(): Promise<void> {
    this.cancelled = true;
    this.fail();
    await this.plugins.all("cancel");
  }

  /** Waits for what is under way, and writes down the program's outputs. */
  async close(): Promise<void> {
    await Promise.all([this.#planning.onIdle(), this.#turns.onIdle()]);
    const fault = this.failed ? undefined : this.#state.fault();
    if (fault) this.#tell(fault);
    if (this.#programOutputs === undefined) return;
    const { urn, outputs } = this.#programOutputs;
    // After a failure a missing output may only not have come to be: the old one stays.
    const kept = this.failed ? this.#state.news.get(urn)?.state.outputs : undefined;
    await this.#writeOutputs(urn, { ...kept, ...outputs });
  }

  async #writeOutputs(urn: string, outputs: Values): Promise<void> {
    const place = this.#state.news.get(urn);
    if (place === undefined) return;
    const { state: old } = place;
    this.run.report.step("outputs", { op: "same", urn, old, next: { ...old, outputs } });
    if (!isDeepStrictEqual(old.outputs ?? {}, outputs)) await this.#state.commit({ put: [[place, { outputs }]] });
  }

  /** Something went wrong: it is told, and nothing new begins, unless only a step failed and the run is to go on. */
  #complain(error: unknown, urn?: string): void {
    const isStep = error instanceof StepFailed;
    // What was being planned when the run was stopped is no news.
    if (this.#stop.signal.aborted && !isStep) return;
    if (isStep) this.#planner.fates.set(error.urn, "failed or skipped");
    for (const one of error instanceof AggregateError ? error.errors : [error]) this.#tell(one, urn);
    if (!isStep || !this.run.flags["continue-on-error"]) this.#stop.abort();
  }

  #tell(error: unknown, urn?: string): void {
    this.failed = true;
    const about = error instanceof StepFailed ? error.urn : urn;
    this.run.report.message("error", error instanceof Error ? error.message : String(error), about);
  }

  #urn(parent: string, type: string, name: string): string {
    return makeUrn(this.run.stack, this.run.project.name, parent, type, name);
  }
}
