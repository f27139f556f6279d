import { isDeepStrictEqual } from "node:util";
import { type Goal, wanted } from "./goal";
import type { Run } from "./operation";
import { Planner } from "./planner";
import type { Plugins } from "./plugin";
import { needs, type Place, Snapshot } from "./snapshot";
import type { ResourceState, Values } from "./state/deployment";
import type { Session } from "./state/session";
import { type Registered, StepFailed, Steps, Stopped } from "./steps";
import { Targets } from "./targets";
import { makeUrn, packageOf, providerTypeOf, stackType, typeOf } from "./urn";

/** Something that exists, to be taken into the state. */
export interface ImportRequest {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly protect: boolean;
}

/** One run over a stack: makes the state and the world what the program's goals ask for. */
export class Deployment {
  /** Fulfilled when the run has been stopped: nothing new begins. */
  readonly stopped: Promise<undefined>;
  #stop!: (nothing?: undefined) => void;
  #isCancelled = false;
  #hasFailed = false;
  #isFinished = false;
  readonly #state: Snapshot;
  readonly #steps: Steps;
  readonly #targets: Targets;
  readonly #planner: Planner;
  #running = 0;
  readonly #waiting: Array<() => void> = [];
  #programOutputs: { readonly urn: string; readonly outputs: Values } | undefined;

  constructor(
    private readonly run: Run,
    readonly plugins: Plugins,
    private readonly resources: readonly ResourceState[],
    session?: Session,
  ) {
    this.#state = new Snapshot(resources, session);
    this.#steps = new Steps(run, plugins, this.#state);
    this.#targets = new Targets(run.targets, run.targetDependents);
    this.#planner = new Planner(run, plugins, this.#state, this.#steps, this.#targets);
    this.stopped = new Promise((fulfil) => {
      this.#stop = fulfil;
    });
  }

  get cancelled(): boolean {
    return this.#isCancelled;
  }

  get failed(): boolean {
    return this.#hasFailed || this.#isCancelled;
  }

  /** What the program registers. Never answered once the run has been stopped. */
  async register(goal: Goal): Promise<Registered> {
    const { project, stack, continueOnError } = this.run;
    const urn = makeUrn(stack, project.name, goal.parent, goal.type, goal.name);
    try {
      return await this.#inTurn(await this.#planner.plan(goal, urn));
    } catch (error) {
      this.#complain(error, urn);
      if (!(error instanceof StepFailed && continueOnError)) return new Promise(() => undefined);
      this.#planner.lost.add(urn);
      return { result: "failed", state: this.#state.new(urn)?.state ?? wanted(goal, urn, undefined) };
    }
  }

  /** Outputs that a component or the program registers. The program's are kept for the end. */
  async registerOutputs(urn: string, outputs: Values): Promise<void> {
    if (typeOf(urn) === stackType) this.#programOutputs = { urn, outputs };
    else await this.#writeOutputs(urn, outputs);
  }

  /** Compares the state with the world before anything else. What cannot be read stays as it is. */
  async refresh(): Promise<void> {
    this.#checkTargets();
    const found = new Map<Place, ResourceState | undefined>();
    const meant = [...this.#state.left].filter(({ state }) => this.#targets.include(state));
    const looks = meant.map(async (place) => {
      try {
        found.set(place, await this.#inTurn(() => this.#steps.look(place.state)));
      } catch (error) {
        this.#hasFailed = true;
        if (!(error instanceof Stopped)) this.#tell(error, place.state.urn);
      }
    });
    await Promise.all(looks);
    await this.#state.refresh(found);
  }

  /** Takes something that exists into the state, as its provider reads it: below the stack, all else as it is. */
  async import({ type, name, id, protect }: ImportRequest): Promise<void> {
    const { project, stack } = this.run;
    const ensure = async (goal: Goal): Promise<ResourceState> =>
      this.resources.find((state) => state.type === goal.type) ?? (await this.register(goal)).state;
    const work = async () => {
      const root = await ensure({ type: stackType, name: `${project.name}-${stack}`, custom: false, inputs: {} });
      const kind = providerTypeOf(packageOf(type));
      const provider = await ensure({ type: kind, name: "default", custom: true, inputs: {} });
      const goal = { type, name, custom: true, inputs: {}, parent: root.urn, protect };
      const urn = makeUrn(stack, project.name, root.urn, type, name);
      if (this.#state.old(urn) !== undefined) throw new Error(`resource '${name}' already exists`);
      const next = wanted({ ...goal, provider: `${provider.urn}::${provider.id}` }, urn, undefined);
      const { state } = await this.#steps.import(next, id);
      // As with the CLI, an import stands whatever a check finds.
      await this.#planner.check(state, state.inputs, state.inputs).catch(({ errors = [] }) => {
        for (const fault of errors) this.run.report.message("warning", fault, urn);
      });
    };
    await Promise.race([work().catch((error) => this.#complain(error)), this.stopped]);
  }

  /** The program has registered all it wants: what it did not is deleted, unless something stopped the run. */
  async finish(): Promise<void> {
    await this.#steps.idle();
    if (this.#steps.isStopped || this.#isFinished) return;
    this.#isFinished = true;
    this.#checkTargets();
    await this.#deleteRest().catch((error) => this.#complain(error));
  }

  /** What did not come from a step went wrong: the program, say. Nothing new begins. */
  fail(): void {
    this.#hasFailed = true;
    this.#halt();
  }

  /** Somebody asked to stop: what is under way is cancelled, nothing new begins. */
  async cancel(): Promise<void> {
    this.#isCancelled = true;
    this.#halt();
    await this.plugins.cancel();
  }

  /** Waits for what is under way, and writes down the program's outputs. */
  async close(): Promise<void> {
    await this.#steps.idle();
    if (this.#programOutputs === undefined) return;
    const { urn, outputs } = this.#programOutputs;
    // After a failure a missing output may only not have come to be: the old one stays.
    const kept = this.failed ? this.#state.new(urn)?.state.outputs : undefined;
    await this.#writeOutputs(urn, { ...kept, ...outputs });
  }

  /** Deletes what the program no longer registers, or what waits to be deleted: each once all that needs it is gone. */
  async #deleteRest(): Promise<void> {
    const left = [...this.#state.left];
    const meant = this.#targets.withDependents(left.map(({ state }) => state));
    const doomed = left.filter(
      ({ state }) => meant(state) && (state.delete || !this.#planner.registered.has(state.urn)),
    );
    const refusals = doomed.flatMap(({ state: { urn } }) =>
      this.#targets.isStray(urn)
        ? `Resource '${urn}' will be destroyed but was not specified in --target list.\nEither include resource in --target list or pass --target-dependents to proceed.`
        : [],
    );
    if (refusals.length > 0) throw new AggregateError(refusals);
    /** By URN, what must be gone before it. */
    const dependents = new Map<string, Promise<boolean>[]>();
    const awaited = (state: ResourceState, gone: Promise<boolean>) => {
      for (const urn of needs(state))
        dependents
          .set(urn, dependents.get(urn) ?? [])
          .get(urn)
          ?.push(gone);
    };
    // What a resource needs that was to be changed, and could not, stays as well.
    for (const { state } of left) if (this.#planner.lost.has(state.urn)) awaited(state, Promise.resolve(false));
    const all = doomed.reverse().map((place) => {
      const before = Promise.all(dependents.get(place.state.urn) ?? []);
      const gone = before.then((gone) => gone.every(Boolean) && this.#delete(place));
      awaited(place.state, gone);
      return gone;
    });
    await Promise.all(all);
  }

  /** Deletes for good; whether it is gone. */
  async #delete(place: Place): Promise<boolean> {
    const { urn, protect, delete: waits, pendingReplacement } = place.state;
    if (protect && !waits) {
      // Nothing is done to it, so the run may go on, and tell of all that are protected.
      this.#hasFailed = true;
      const text = `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``;
      this.#tell(text, urn);
      return false;
    }
    try {
      // Its delete came before its replacement, which is not wanted any more.
      if (pendingReplacement) await this.#steps.begin(() => this.#state.commit({ leave: [place] }));
      else await this.#inTurn(() => this.#steps.delete(place));
      return true;
    } catch (error) {
      this.#complain(error, urn);
      return false;
    }
  }

  async #writeOutputs(urn: string, outputs: Values): Promise<void> {
    const place = this.#state.new(urn);
    if (place === undefined) return;
    const { outputs: before, ...rest } = place.state;
    const state = { ...rest, ...(Object.keys(outputs).length > 0 && { outputs }) };
    this.run.report.step("outputs", { op: "same", urn, old: place.state, next: state });
    if (!isDeepStrictEqual(before ?? {}, outputs)) await this.#state.commit({ put: [[place, state]] });
  }

  /** Complains about targets that are not there. */
  #checkTargets(): void {
    const { registered } = this.#planner;
    const isThere = (target: string) =>
      target.includes("*") || registered.has(target) || this.resources.some(({ urn }) => urn === target);
    for (const target of this.run.targets) {
      if (isThere(target)) continue;
      this.#hasFailed = true;
      this.#tell(`no resource named '${target}' found`);
    }
  }

  /** Something went wrong: it is told, and nothing new begins, unless only a step failed and the run is to go on. */
  #complain(error: unknown, urn?: string): void {
    const isStep = error instanceof StepFailed;
    // What was being planned when the run was stopped is no news.
    if (error instanceof Stopped || (this.#steps.isStopped && !isStep)) return;
    this.#hasFailed = true;
    if (isStep) this.#planner.lost.add(error.step.urn);
    for (const one of error instanceof AggregateError ? error.errors : [error])
      this.#tell(one, isStep ? error.step.urn : urn);
    if (!isStep || !this.run.continueOnError) this.#halt();
  }

  #tell(error: unknown, urn?: string): void {
    this.run.report.message("error", error instanceof Error ? error.message : String(error), urn);
  }

  /** Works on one resource when its turn comes, beside others. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.run.parallel) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#running += 1;
    try {
      if (this.#steps.isStopped) throw new Stopped();
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #halt(): void {
    this.#steps.stop();
    this.#stop();
  }
}
