import { isDeepStrictEqual } from "node:util";
import { unknownText } from "../../providers/host/values";
import { type Goal, wanted } from "./goal";
import type { Run } from "./operation";
import type { Diff, Plugins } from "./plugin";
import { needs, type Place, Snapshot } from "./snapshot";
import type { ResourceState, Values } from "./state/deployment";
import type { Session } from "./state/session";
import { type Plan, type Registered, StepFailed, Steps, Stopped } from "./steps";
import { isProviderType, makeUrn, nameOf, packageOf, providerTypeOf, stackType, typeOf } from "./urn";
import { known, restore } from "./values";

/** Something that exists, to be taken into the state. */
export interface ImportRequest {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly protect: boolean;
}

/** What an earlier run left of a resource, and the URN that it had then if that was another one. */
interface Claim {
  readonly place?: Place;
  readonly former?: string;
}

/** What was decided, to be done when its turn comes. */
type CarryOut = () => Promise<Registered>;

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
  /** URNs that --target names, and what takes part because of them. */
  readonly #targets: Set<string>;
  /** URNs that the program registered. */
  readonly #registered = new Set<string>();
  /** Former URNs, with what has become of them. */
  readonly #claimed = new Map<string, string>();
  /** URNs that failed or were skipped: what needs one of them is skipped. */
  readonly #lost = new Set<string>();
  /** URNs that are not there, and not made because --target does not name them. */
  readonly #unmade = new Set<string>();
  /** What was deleted in this run before its replacement. */
  readonly #deletedFirst = new Set<Place>();
  #planning: Promise<unknown> = Promise.resolve();
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
    this.#targets = new Set(run.targets);
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
      const claim = await this.#claim(urn, goal.aliases ?? []);
      const carryOut = await this.#inOrder(() => this.#settle(goal, urn, claim));
      return await this.#inTurn(carryOut);
    } catch (error) {
      this.#complain(error, urn);
      if (!(error instanceof StepFailed && continueOnError)) return new Promise(() => undefined);
      this.#lost.add(urn);
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
    const meant = [...this.#state.left].filter(({ state }) => this.#isMeant(state));
    const looks = meant.map(async (place) => {
      try {
        found.set(place, await this.#inTurn(() => this.#steps.look(place.state)));
      } catch (error) {
        this.#hasFailed = true;
        if (!(error instanceof Stopped)) this.#tell(error, place.state.urn);
      }
    });
    await Promise.all(looks);
    await this.#state.refresh(found, ({ type }) => type === "creating" && !this.run.clearPendingCreates);
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
      await this.#check(state, state.inputs, state.inputs).catch(({ errors = [] }) => {
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

  /** Finds what an earlier run left of a resource, under its URN or a former one, which it then has no more. */
  async #claim(urn: string, aliases: readonly string[]): Promise<Claim> {
    if (this.#registered.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.#registered.add(urn);
    for (const name of [urn, ...aliases]) {
      const heir = this.#claimed.get(name);
      if (heir !== undefined) throw new Error(`Duplicate resource alias '${name}' of '${urn}': it is '${heir}' now`);
      const place = this.#state.old(name);
      if (place === undefined) continue;
      this.#claimed.set(name, urn);
      if (name === urn) return { place };
      await this.#steps.begin(() => this.#state.rename(place, urn));
      return { place, former: name };
    }
    return {};
  }

  /** Decides what a registration takes. */
  async #settle(goal: Goal, urn: string, { place, former }: Claim): Promise<CarryOut> {
    const inherited = goal.retainOnDelete ?? this.#state.new(goal.parent ?? "")?.state.retainOnDelete;
    const asked = wanted({ ...goal, ...known({ retainOnDelete: inherited }) }, urn, place?.state, former);
    const needed = [...needs(asked)];
    if (needed.some((other) => this.#lost.has(other))) {
      this.#lost.add(urn);
      return async () => ({ result: "skipped", state: asked });
    }
    if (!this.#isMeant(asked)) return this.#passOver(asked, place);
    const missing = needed.find((other) => this.#unmade.has(other));
    if (missing !== undefined)
      throw new Error(`Resource '${urn}' depends on '${missing}' which was not specified in --target list.`);
    const { importID } = goal;
    if (importID === undefined || (place?.state.importID ?? place?.state.id) === importID)
      return this.#compare(goal, asked, place);
    if (place !== undefined) throw new Error(`resource '${urn}' exists with another id than '${importID}'`);
    return async () => {
      const imported = await this.#steps.import(asked, importID);
      const carryOut = await this.#inOrder(() => this.#compare(goal, asked, this.#state.new(urn), imported));
      return carryOut();
    };
  }

  /** Compares what is wanted with what there is. What was just imported, and is as it should be, needs no step more. */
  async #compare(goal: Goal, asked: ResourceState, place?: Place, imported?: Registered): Promise<CarryOut> {
    const { urn } = asked;
    const { ignoreChanges } = goal;
    // What was deleted first is made anew: there is nothing to compare with.
    const old = place && this.#deletedFirst.has(place) ? undefined : place?.state;
    const news = old ? restore(goal.inputs, old.inputs, ignoreChanges) : goal.inputs;
    const next = await this.#check(asked, old?.inputs, news);
    const plan: Plan = { urn, next, ...(place && { old: place.state }) };
    if (place === undefined) return () => this.#steps.create("create", plan);
    if (old === undefined) return () => this.#recreate(plan, place);
    const diff = await (await this.plugins.of(next)).diff({ ...old, urn }, next.inputs ?? {}, ignoreChanges);
    if (old.pendingReplacement || (diff.changes && diff.replaceKeys.length > 0))
      return this.#replace(goal, { ...plan, diff }, place);
    // One that was half made is updated although nothing changed: its provider carries on.
    if (diff.changes || old.initErrors) return () => this.#steps.update({ ...plan, diff }, place, old);
    return async () => imported ?? this.#steps.same(plan, place);
  }

  /** What --target leaves out stays as it is, there or not. */
  #passOver(asked: ResourceState, place: Place | undefined): CarryOut {
    const { urn } = asked;
    if (place === undefined) this.#unmade.add(urn);
    else this.run.report.step("end", { op: "same", urn, old: place.state, next: place.state });
    return async () => ({ result: "success", state: place?.state ?? asked, unknown: place === undefined });
  }

  /** Inputs as their provider completes them. */
  async #check(next: ResourceState, olds: Values = {}, news: Values = {}): Promise<ResourceState> {
    const { urn, type } = next;
    const { values, failures } = await (await this.plugins.of(next)).check(urn, olds, news);
    const faults = failures.map(({ property, reason }) => {
      const about = property === "" ? "" : `property ${property} `;
      return `${type} resource '${nameOf(urn)}' has a problem: ${about}${reason}`;
    });
    if (faults.length > 0) throw new AggregateError(faults);
    const { inputs: _, ...rest } = next;
    return { ...rest, ...(Object.keys(values).length > 0 && { inputs: values }) };
  }

  /** Makes the new one first and leaves the old one, marked, for the end; or the other way round, where that is asked for. */
  async #replace(goal: Goal, plan: Plan & { readonly diff: Diff }, place: Place): Promise<CarryOut> {
    const { urn } = plan;
    if (place.state.protect && plan.next.protect)
      throw new Error(
        `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``,
      );
    if (goal.importID !== undefined)
      throw new Error(
        `previously-imported resources that still specify an ID may not be replaced; please remove the \`import\` declaration from your program`,
      );
    const next = await this.#check(plan.next, {}, goal.inputs);
    if (goal.deleteBeforeReplace ?? plan.diff.deleteBeforeReplace) {
      const doomed = await this.#replacedWith(place);
      return async () => {
        for (const one of doomed) await this.#steps.delete(one, true);
        return this.#recreate({ ...plan, next }, place);
      };
    }
    return async () => {
      const put = () => [[place, { ...place.state, delete: true }]] as const;
      const made = await this.#steps.create("create-replacement", { ...plan, next }, () => ({ put: put() }));
      this.run.report.step("end", { ...plan, next: made.state, op: "replace" });
      return made;
    };
  }

  /** Makes what was deleted before. */
  #recreate(plan: Plan, place: Place): Promise<Registered> {
    const step = { ...plan, old: place.state };
    this.run.report.step("end", { ...step, op: "replace" });
    return this.#steps.create("create-replacement", step, () => ({ leave: [place] }));
  }

  /** What must be deleted before a replacement is made, in order: all that would be replaced because it is, then itself. */
  async #replacedWith(root: Place): Promise<readonly Place[]> {
    const doomed = [root];
    const urns = new Set([root.state.urn]);
    for (const place of this.#state.left) {
      const { state } = place;
      if (!state.custom || state.delete || this.#registered.has(state.urn) || this.#deletedFirst.has(place)) continue;
      const unknowns = Object.entries(state.propertyDependencies ?? {}).flatMap(([key, list]) =>
        list?.some((urn) => urns.has(urn)) ? [[key, unknownText]] : [],
      );
      if (unknowns.length === 0) continue;
      const news = { ...state.inputs, ...Object.fromEntries(unknowns) };
      const diff = await (await this.plugins.of(state)).diff(state, news, state.ignoreChanges);
      if (!diff.changes || diff.replaceKeys.length === 0) continue;
      if (state.protect)
        throw new Error(
          `unable to replace resource "${state.urn}" as part of replacing "${root.state.urn}" as it is currently marked for protection.`,
        );
      doomed.push(place);
      urns.add(state.urn);
    }
    for (const place of doomed) this.#deletedFirst.add(place);
    return doomed.reverse().filter(({ state }) => !state.pendingReplacement);
  }

  /** Deletes what the program no longer registers, or what waits to be deleted: each once all that needs it is gone. */
  async #deleteRest(): Promise<void> {
    const { targets, targetDependents } = this.run;
    const left = [...this.#state.left];
    const meant = new Set(this.#targets);
    for (const { state } of left) if ([...needs(state)].some((urn) => meant.has(urn))) meant.add(state.urn);
    const doomed = left.filter(({ state }) => {
      const isMeant = targets.length === 0 || meant.has(state.urn);
      return isMeant && (state.delete || !this.#registered.has(state.urn));
    });
    const isStray = (urn: string) => targets.length > 0 && !targetDependents && !this.#targets.has(urn);
    const refusals = doomed.flatMap(({ state: { urn } }) =>
      isStray(urn)
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
    for (const { state } of left) if (this.#lost.has(state.urn)) awaited(state, Promise.resolve(false));
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

  /** Whether a resource takes part in the run. What is named makes what needs it take part, when that is asked for. */
  #isMeant(state: ResourceState): boolean {
    const { type, urn } = state;
    const { targets, targetDependents } = this.run;
    if (targets.length === 0 || type === stackType || isProviderType(type) || this.#targets.has(urn)) return true;
    const isMeant = targetDependents && [...needs(state)].some((needed) => this.#targets.has(needed));
    if (isMeant) this.#targets.add(urn);
    return isMeant;
  }

  /** Complains about targets that are not there. */
  #checkTargets(): void {
    for (const target of this.run.targets) {
      if (this.#registered.has(target) || this.resources.some(({ urn }) => urn === target)) continue;
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
    if (isStep) this.#lost.add(error.step.urn);
    for (const one of error instanceof AggregateError ? error.errors : [error])
      this.#tell(one, isStep ? error.step.urn : urn);
    if (!isStep || !this.run.continueOnError) this.#halt();
  }

  #tell(error: unknown, urn?: string): void {
    this.run.report.message("error", error instanceof Error ? error.message : String(error), urn);
  }

  /** Plans one thing after the other, as the CLI does: what fails in planning stops all that comes behind it. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const planned = this.#planning.then(() => {
      if (this.#steps.isStopped) throw new Stopped();
      return work();
    });
    this.#planning = planned.catch(() => undefined);
    return planned;
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
