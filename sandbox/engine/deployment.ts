import { randomBytes, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { unknownText } from "../../providers/host/values";
import { type Goal, wanted } from "./goal";
import { type Diff, type Change as Difference, InitFailed, type Made, type Plugins } from "./plugin";
import type { Report, Step } from "./report";
import { type Change, needs, type Place, Snapshot } from "./snapshot";
import type { Operation, ResourceState, Value, Values } from "./state/deployment";
import type { Session } from "./state/session";
import { isProviderType, makeUrn, nameOf, packageOf, providerTypeOf, stackType, typeOf } from "./urn";
import { isSecret, known, restore, secret } from "./values";

/** What a run is to do, and with what. */
export interface DeploymentOptions {
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  /** What the state holds. */
  readonly resources: readonly ResourceState[];
  /** Where to write what is done; none in a preview. */
  readonly session?: Session;
  readonly plugins: Pick<Plugins, "get" | "cancel">;
  readonly report: Pick<Report, "begin" | "end" | "found" | "fail" | "outputs" | "message">;
  /** How many resources may be worked on at a time. */
  readonly parallel: number;
  readonly continueOnError: boolean;
  readonly targets: readonly string[];
  readonly targetDependents: boolean;
  readonly clearPendingCreates?: boolean;
}

/** How a registration ended. */
export interface Registered {
  readonly result: "success" | "failed" | "skipped";
  readonly state: ResourceState;
  /** It is not there, and was left out of this run: its outputs are not known. */
  readonly unknown?: boolean;
}

/** Something that exists, to be taken into the state. */
export interface ImportRequest {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly protect: boolean;
}

/** What came of a step: a state, what the snapshot is to be told, and why it failed although something was made. */
interface Outcome {
  readonly state?: ResourceState;
  readonly change: Change;
  readonly failure?: InitFailed | undefined;
}

/** A step that is still to be named. */
type Plan = Omit<Step, "op"> & { readonly next: ResourceState };

/** The run was stopped before this could begin. */
class Stopped extends Error {}

/** One step went wrong; with --continue-on-error the others go on. What goes wrong in planning stops every run. */
class StepFailed extends Error {
  constructor(
    readonly step: Step,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** One run over a stack: makes the state and the world what the program's goals ask for. */
export class Deployment {
  /** Fulfilled when the run has been stopped: nothing new begins. */
  readonly stopped: Promise<void>;
  #stop!: () => void;
  #isStopped = false;
  #isCancelled = false;
  #hasFailed = false;
  readonly #options: DeploymentOptions;
  readonly #state: Snapshot;
  readonly #targets: Set<string>;
  /** URNs that the program registered. */
  readonly #registered = new Set<string>();
  /** What an earlier run left, by the URN that it had: the URN that it has now. */
  readonly #claimed = new Map<string, string>();
  /** URNs that failed or were skipped: what needs one of them is skipped. */
  readonly #lost = new Set<string>();
  /** URNs that are not there, and not made because --target does not name them. */
  readonly #unmade = new Set<string>();
  /** What was deleted in this run before its replacement. */
  readonly #deletedFirst = new Set<Place>();
  readonly #underWay = new Set<Promise<unknown>>();
  #running = 0;
  readonly #waiting: Array<() => void> = [];
  #programOutputs: { readonly urn: string; readonly outputs: Values } | undefined;

  constructor(options: DeploymentOptions) {
    this.#options = options;
    this.#state = new Snapshot(options.resources, options.session);
    const patterns = options.targets.filter((target) => target.includes("*")).map(asPattern);
    const urns = options.resources.map(({ urn }) => urn);
    this.#targets = new Set([...options.targets, ...urns.filter((urn) => patterns.some((one) => one.test(urn)))]);
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
    const { project, stack, continueOnError } = this.#options;
    const urn = makeUrn(stack, project, goal.parent, goal.type, goal.name);
    try {
      const { place, former } = await this.#claim(urn, goal.aliases ?? []);
      return await this.#inTurn(() => this.#settle(goal, urn, place, former));
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

  /** Compares the state with the world before anything else. */
  async refresh(): Promise<void> {
    const { clearPendingCreates = false } = this.#options;
    const found = new Map<Place, ResourceState | undefined>();
    const meant = [...this.#state.left].filter(({ state }) => this.#isMeant(state));
    const looks = meant.map((place) =>
      this.#inTurn(async () => found.set(place, await this.#look(place.state))).catch((error) => {
        this.#hasFailed = true;
        this.#tell(error, place.state.urn);
      }),
    );
    this.#checkTargets();
    await Promise.all(looks);
    await this.#state.refresh(found, ({ type }) => type !== "creating" || clearPendingCreates);
  }

  /** Takes something that exists into the state, as its provider reads it: below the stack, all else as it is. */
  async import({ type, name, id, protect }: ImportRequest): Promise<void> {
    const { project, stack } = this.#options;
    const known = async (goal: Goal): Promise<ResourceState> => {
      const place = [...this.#state.left].find(({ state }) => state.type === goal.type);
      return place?.state ?? (await this.register(goal)).state;
    };
    const work = async () => {
      const root = await known({ type: stackType, name: `${project}-${stack}`, custom: false, inputs: {} });
      const kind = providerTypeOf(packageOf(type));
      const provider = await known({ type: kind, name: "default", custom: true, inputs: {} });
      const urn = makeUrn(stack, project, root.urn, type, name);
      if (this.#state.old(urn) !== undefined) throw new Error(`resource '${name}' already exists`);
      const reference = `${provider.urn}::${provider.id}`;
      const next = { urn, type, custom: true, parent: root.urn, provider: reference, ...(protect && { protect }) };
      await this.#read(next, id);
    };
    await Promise.race([work().catch((error) => this.#complain(error)), this.stopped]);
  }

  /** The program has registered all it wants: what it did not is deleted, unless something stopped the run. */
  async finish(): Promise<void> {
    await this.#idle();
    if (this.#isStopped) return;
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
    await this.#options.plugins.cancel();
  }

  /** Waits for what is under way, and writes down the program's outputs. */
  async close(): Promise<void> {
    await this.#idle();
    if (this.#programOutputs === undefined) return;
    const { urn, outputs } = this.#programOutputs;
    // After a failure a missing output may only not have come to be: the old one stays.
    const kept = this.failed ? this.#state.new(urn)?.state.outputs : undefined;
    await this.#writeOutputs(urn, { ...kept, ...outputs });
  }

  /** Finds what an earlier run left of a resource, under its URN or a former one, which it then has no more. */
  async #claim(urn: string, aliases: readonly string[]): Promise<{ place?: Place; former?: string }> {
    if (this.#isStopped) throw new Stopped();
    if (this.#registered.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.#registered.add(urn);
    for (const name of [urn, ...aliases]) {
      const other = this.#claimed.get(name);
      if (other !== undefined)
        throw new Error(`Duplicate resource alias '${name}' of '${urn}': it has become '${other}' already`);
      const place = this.#state.old(name);
      if (place === undefined) continue;
      this.#claimed.set(name, urn);
      if (name === urn) return { place };
      await this.#track(this.#state.rename(place, urn));
      return { place, former: name };
    }
    return {};
  }

  /** Compares what is wanted with what there is, and does what that takes. */
  async #settle(goal: Goal, urn: string, found: Place | undefined, former?: string): Promise<Registered> {
    let place = found;
    const inherited = goal.retainOnDelete ?? this.#state.new(goal.parent ?? "")?.state.retainOnDelete;
    const asked = wanted({ ...goal, ...known({ retainOnDelete: inherited }) }, urn, place?.state, former);
    if ([...needs(asked)].some((needed) => this.#lost.has(needed))) {
      this.#lost.add(urn);
      return { result: "skipped", state: asked };
    }
    if (!this.#isMeant(asked)) return this.#passOver(asked, place);
    const missing = [...needs(asked)].find((needed) => this.#unmade.has(needed));
    if (missing !== undefined)
      throw new Error(`Resource '${urn}' depends on '${missing}' which was not specified in --target list.`);
    const { importID, ignoreChanges } = goal;
    if (importID !== undefined && (place?.state.importID ?? place?.state.id) !== importID) {
      if (place !== undefined) throw new Error(`resource '${urn}' exists with another id than '${importID}'`);
      await this.#read(asked, importID, importID);
      place = this.#state.new(urn);
    }
    // What was deleted first is made anew: there is nothing to compare with.
    const old = place && this.#deletedFirst.has(place) ? undefined : place?.state;
    const next = await this.#check(asked, old?.inputs ?? {}, restore(goal.inputs, old?.inputs, ignoreChanges));
    const plan: Plan = { urn, next, ...(place && { old: place.state }) };
    if (place === undefined) return this.#create("create", plan);
    if (old === undefined) return this.#recreate(plan, place);
    const diff = await this.#diff(old, next);
    if (old.pendingReplacement || (diff.changes && diff.replaceKeys.length > 0))
      return this.#replace(goal, { ...plan, diff }, place);
    // One that was half made is updated although nothing changed: its provider carries on.
    if (diff.changes || old.initErrors) return this.#update({ ...plan, diff }, place, old);
    if (place !== found) return { result: "success", state: old };
    return this.#same(next, place);
  }

  /** What --target leaves out stays as it is, there or not. */
  #passOver(asked: ResourceState, place: Place | undefined): Registered {
    const { urn } = asked;
    if (place === undefined) this.#unmade.add(urn);
    else this.#options.report.end({ op: "same", urn, old: place.state, next: place.state });
    return { result: "success", state: place?.state ?? asked, unknown: place === undefined };
  }

  async #same(next: ResourceState, place: Place): Promise<Registered> {
    const { state: old } = place;
    const { urn } = next;
    const state = { ...next, ...known({ id: old.id, outputs: old.outputs }) };
    if (this.#isStopped) throw new Stopped();
    this.#options.report.begin({ op: "same", urn, old, next: state });
    await this.#track(this.#state.same(place, state));
    this.#options.report.end({ op: "same", urn, old, next: state });
    return { result: "success", state };
  }

  /** Makes a resource. `change` says what becomes of the one that it replaces. */
  #create(op: Step["op"], plan: Plan, change: () => Change = () => ({})): Promise<Registered> {
    const { preview, plugins } = this.#options;
    const { urn, type, custom, inputs = {} } = plan.next;
    return this.#step("creating", { ...plan, op }, async () => {
      let made: Made = { id: "", outputs: {} };
      let failure: InitFailed | undefined;
      if (isProviderType(type)) {
        await plugins.get(packageOf(type));
        made = { id: preview ? unknownText : randomUUID(), outputs: inputs };
      } else if (custom) {
        const plugin = await plugins.get(packageOf(type));
        [made, failure] = await half(() => plugin.create(urn, inputs, preview));
      }
      const now = new Date().toISOString();
      const id = made.id === "" ? {} : { id: made.id };
      const state = finished({ ...plan.next, ...id, created: now, modified: now }, made.outputs, failure);
      return { state, failure, change: { join: state, ...change() } };
    });
  }

  #update(plan: Plan, place: Place, old: ResourceState): Promise<Registered> {
    const { preview, plugins } = this.#options;
    const { urn, custom, type, inputs = {}, ignoreChanges } = plan.next;
    const next = { ...plan.next, ...known({ id: old.id }) };
    return this.#step("updating", { ...plan, op: "update", next }, async () => {
      if (!custom) {
        const state = finished(next, old.outputs ?? {});
        return { state, change: { leave: place, join: state } };
      }
      const plugin = await plugins.get(packageOf(type));
      const [{ outputs }, failure] = await half(() => plugin.update({ ...old, urn }, inputs, preview, ignoreChanges));
      const { inputs: _, ...rest } = next;
      // What it is now was not made with the new inputs, so the next run must see that they still differ.
      const kept = known({ inputs: failure ? old.inputs : next.inputs });
      const state = finished({ ...rest, ...kept, modified: new Date().toISOString() }, outputs, failure);
      return { state, failure, change: { leave: place, join: state } };
    });
  }

  /** Makes the new one first and leaves the old one, marked, for the end; or the other way round, where that is asked for. */
  async #replace(goal: Goal, plan: Plan & { readonly diff: Diff }, place: Place): Promise<Registered> {
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
      await this.#deleteFirst(place);
      return this.#recreate({ ...plan, next }, place);
    }
    const put = () => [[place, { ...place.state, delete: true }]] as const;
    const made = await this.#create("create-replacement", { ...plan, next }, () => ({ put: put() }));
    this.#options.report.end({ ...plan, next: made.state, op: "replace" });
    return made;
  }

  /** Makes what was deleted before. */
  #recreate(plan: Plan, place: Place): Promise<Registered> {
    this.#options.report.end({ ...plan, old: place.state, op: "replace" });
    return this.#create("create-replacement", { ...plan, old: place.state }, () => ({ leave: place }));
  }

  /** Deletes a resource before its replacement is made, and before it all that would be replaced because it is. */
  async #deleteFirst(root: Place): Promise<void> {
    const { plugins } = this.#options;
    const doomed = [root];
    const urns = new Set([root.state.urn]);
    for (const place of this.#state.left) {
      const { state } = place;
      if (!state.custom || state.delete || this.#registered.has(state.urn) || this.#deletedFirst.has(place)) continue;
      const changing = Object.entries(state.propertyDependencies ?? {}).filter(([, list]) =>
        list?.some((urn) => urns.has(urn)),
      );
      if (changing.length === 0) continue;
      const plugin = await plugins.get(packageOf(state.type));
      const unknowns = Object.fromEntries(changing.map(([key]) => [key, unknownText]));
      const diff = await plugin.diff(state, { ...state.inputs, ...unknowns }, state.ignoreChanges);
      if (!diff.changes || diff.replaceKeys.length === 0) continue;
      if (state.protect)
        throw new Error(
          `unable to replace resource "${state.urn}" as part of replacing "${root.state.urn}" as it is currently marked for protection.`,
        );
      doomed.push(place);
      urns.add(state.urn);
    }
    for (const place of doomed.reverse()) {
      if (!place.state.pendingReplacement) await this.#delete(place, true);
      this.#deletedFirst.add(place);
    }
  }

  /** Deletes a resource. Before a replacement it stays on record until that is made. */
  async #delete(place: Place, first = false): Promise<void> {
    const { preview, plugins } = this.#options;
    const { state: old } = place;
    const op = first || old.delete ? "delete-replaced" : "delete";
    await this.#step("deleting", { op, urn: old.urn, old }, async () => {
      const leave = preview || old.retainOnDelete || !old.custom || isProviderType(old.type);
      if (!leave) await (await plugins.get(packageOf(old.type))).delete(old);
      return { change: first ? { put: [[place, { ...old, pendingReplacement: true }]] } : { leave: place } };
    });
  }

  /** Deletes what the program no longer registers, or what waits to be deleted: each once all that needs it is gone. */
  async #deleteRest(): Promise<void> {
    const { targets, targetDependents } = this.#options;
    const left = [...this.#state.left];
    const meant = new Set(this.#targets);
    for (const { state } of left) if ([...needs(state)].some((urn) => meant.has(urn))) meant.add(state.urn);
    const doomed = left.filter(({ state: { urn, delete: waits } }) => {
      const isMeant = targets.length === 0 || meant.has(urn);
      return isMeant && (waits || !this.#registered.has(urn));
    });
    const strays = doomed.filter(
      ({ state }) => !targetDependents && targets.length > 0 && !this.#targets.has(state.urn),
    );
    const refusals = strays.map(
      ({ state }) =>
        `Resource '${state.urn}' will be destroyed but was not specified in --target list.\nEither include resource in --target list or pass --target-dependents to proceed.`,
    );
    if (refusals.length > 0) throw new AggregateError(refusals);
    const waits = new Map<string, Promise<boolean>[]>();
    const awaited = (state: ResourceState, gone: Promise<boolean>) => {
      for (const urn of needs(state))
        waits
          .set(urn, waits.get(urn) ?? [])
          .get(urn)
          ?.push(gone);
    };
    // What a resource needs that was to be changed, and could not, stays as well.
    for (const { state } of left) if (this.#lost.has(state.urn)) awaited(state, Promise.resolve(false));
    const all = doomed.reverse().map((place) => {
      const dependents = Promise.all(waits.get(place.state.urn) ?? []);
      const gone = dependents.then((all) => all.every(Boolean) && this.#deleteOne(place));
      awaited(place.state, gone);
      return gone;
    });
    await Promise.all(all);
  }

  async #deleteOne(place: Place): Promise<boolean> {
    const { urn, protect, delete: waits, pendingReplacement } = place.state;
    try {
      // Its delete came before its replacement, which is not wanted any more.
      if (pendingReplacement) await this.#state.commit({ leave: place });
      else if (protect && !waits) {
        // Nothing is done to it, so the run may go on, and tell of all that are protected.
        this.#hasFailed = true;
        const text = `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``;
        this.#tell(text, urn);
        return false;
      } else await this.#inTurn(() => this.#delete(place));
      return true;
    } catch (error) {
      this.#complain(error, urn);
      return false;
    }
  }

  /** Takes over what exists under an id. */
  async #read(asked: ResourceState, id: string, importID?: string): Promise<void> {
    const { importID: _, inputs: __, ...next } = asked;
    await this.#step("importing", { op: "import", urn: asked.urn, next }, async () => {
      const plugin = await this.#options.plugins.get(packageOf(asked.type));
      const [found, failure] = await half(() => plugin.read({ ...next, id }));
      if (found === undefined) throw new Error(`resource '${id}' does not exist`);
      const { inputs, outputs } = found;
      if (inputs === undefined) throw new Error(`The provider of "${asked.type}" does not support imports.`);
      const now = new Date().toISOString();
      const taken = { ...next, ...known({ importID }), id: found.id, inputs, created: now, modified: now };
      const state = finished(taken, outputs, failure);
      return { state, change: { join: state } };
    });
  }

  /** What a resource is now: `undefined` when it is gone. */
  async #look(old: ResourceState): Promise<ResourceState | undefined> {
    const { plugins, report } = this.#options;
    const { urn, type, custom, inputs = {}, outputs = {}, initErrors = [], ...rest } = old;
    if (!custom || isProviderType(type) || old.pendingReplacement) {
      report.found({ op: "same", urn, old, next: old });
      return old;
    }
    report.begin({ op: "refresh", urn, old, next: old });
    try {
      const plugin = await plugins.get(packageOf(type));
      const [found, failure] = await half(() => plugin.read(old));
      if (found === undefined) {
        report.found({ op: "delete", urn, old });
        return undefined;
      }
      const reasons = failure?.reasons ?? [];
      if (failure)
        report.message("warning", `Refreshed resource is in an unhealthy state:\n* ${reasons.join("\n* ")}`, urn);
      const now = { id: found.id, inputs: found.inputs ?? inputs, outputs: found.outputs };
      // What an update would do right now, turned round: what the world did to the resource.
      const diff = inverted(await plugin.diff({ ...old, ...now }, inputs, old.ignoreChanges));
      const moved = !isDeepStrictEqual(now, { id: old.id, inputs, outputs });
      const healed = { ...rest, urn, type, custom, ...now, ...(failure && { initErrors: reasons }) };
      const same = !moved && isDeepStrictEqual(reasons, initErrors);
      const state = same ? old : { ...healed, ...(moved && { modified: new Date().toISOString() }) };
      report.found({ op: diff.changes ? "update" : "same", urn, old, next: state, diff });
      return state;
    } catch (error) {
      report.fail({ op: "refresh", urn, old });
      throw error;
    }
  }

  async #check(next: ResourceState, olds: Values, news: Values): Promise<ResourceState> {
    const { urn, type, custom, inputs: _, ...rest } = next;
    const isPlain = !custom || isProviderType(type);
    const { values, failures } = isPlain
      ? { values: news, failures: [] }
      : await (await this.#options.plugins.get(packageOf(type))).check(urn, olds, news, randomBytes(32));
    const faults = failures.map(({ property, reason }) => {
      const about = property === "" ? "" : `property ${property} `;
      return `${type} resource '${nameOf(urn)}' has a problem: ${about}${reason}`;
    });
    if (faults.length > 0) throw new AggregateError(faults);
    return { ...rest, urn, type, custom, ...(Object.keys(values).length > 0 && { inputs: values }) };
  }

  async #diff(old: ResourceState, next: ResourceState): Promise<Diff> {
    const { urn, type, custom, inputs = {}, ignoreChanges } = next;
    if (custom && !isProviderType(type))
      return (await this.#options.plugins.get(packageOf(type))).diff({ ...old, urn }, inputs, ignoreChanges);
    // A provider's name says its version, and it has nothing else.
    const changes = !custom && !isDeepStrictEqual(old.inputs ?? {}, inputs);
    return { changes, replaceKeys: [], changedKeys: [], deleteBeforeReplace: false };
  }

  /** Carries out a step: on record as pending before it begins; what came of it is written together with its end. */
  async #step(type: Operation["type"], step: Step, work: () => Promise<Outcome>): Promise<Registered> {
    const { report } = this.#options;
    if (this.#isStopped) throw new Stopped();
    report.begin(step);
    const subject = step.next ?? step.old;
    const carriedOut = (async () => {
      const operation = subject && (await this.#state.begin(type, subject));
      const { state, change, failure } = await work().catch(async (error) => {
        await this.#state.commit({}, operation);
        throw error;
      });
      await this.#state.commit(change, operation);
      if (failure !== undefined) throw failure;
      return state;
    })();
    try {
      const state = await this.#track(carriedOut);
      report.end({ ...step, ...(state && { next: state }) });
      return { result: "success", state: state ?? (subject as ResourceState) };
    } catch (error) {
      report.fail(step);
      throw new StepFailed(step, error);
    }
  }

  /** What is under way is waited for, also when the run is stopped. */
  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    return work.finally(() => this.#underWay.delete(work));
  }

  async #writeOutputs(urn: string, outputs: Values): Promise<void> {
    const place = this.#state.new(urn);
    if (place === undefined) return;
    const { outputs: before, ...rest } = place.state;
    const state = { ...rest, ...(Object.keys(outputs).length > 0 && { outputs }) };
    this.#options.report.outputs(place.state, state);
    if (!isDeepStrictEqual(before ?? {}, outputs)) await this.#state.commit({ put: [[place, state]] });
  }

  /** Whether a resource takes part in the run. What is named makes what needs it take part, when that is asked for. */
  #isMeant({ type, urn, ...state }: ResourceState): boolean {
    const { targets, targetDependents } = this.#options;
    if (targets.length === 0 || type === stackType || isProviderType(type) || this.#targets.has(urn)) return true;
    if (!targetDependents || ![...needs({ type, urn, ...state })].some((needed) => this.#targets.has(needed)))
      return false;
    this.#targets.add(urn);
    return true;
  }

  #checkTargets(): void {
    for (const urn of this.#options.targets.filter((target) => !target.includes("*"))) {
      if (this.#options.resources.some((state) => state.urn === urn) || this.#registered.has(urn)) continue;
      this.#hasFailed = true;
      this.#tell(`no resource named '${urn}' found`);
    }
  }

  /** Something went wrong: it is told, and nothing new begins, unless only a step failed and the run is to go on. */
  #complain(error: unknown, urn?: string): void {
    if (error instanceof Stopped) return;
    // What was being planned when the run was stopped is no news.
    if (this.#isStopped && !(error instanceof StepFailed)) return;
    this.#hasFailed = true;
    if (error instanceof StepFailed) this.#lost.add(error.step.urn);
    for (const one of error instanceof AggregateError ? error.errors : [error])
      this.#tell(one, error instanceof StepFailed ? error.step.urn : urn);
    if (!(error instanceof StepFailed && this.#options.continueOnError)) this.#halt();
  }

  #tell(error: unknown, urn?: string): void {
    this.#options.report.message("error", error instanceof Error ? error.message : String(error), urn);
  }

  /** Works on one resource when its turn comes. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#options.parallel) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#running += 1;
    try {
      if (this.#isStopped) throw new Stopped();
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #halt(): void {
    this.#isStopped = true;
    this.#stop();
  }

  async #idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }
}

/** A state with its outputs: secret where asked for, or where the input of that name is. */
function finished(state: ResourceState, outputs: Values, failure?: InitFailed): ResourceState {
  const { initErrors: _, outputs: __, ...rest } = state;
  const marked = Object.entries(outputs).map(([key, value]): [string, Value] => {
    const isHidden = state.additionalSecretOutputs?.includes(key) || isSecret(state.inputs?.[key]);
    return [key, isHidden ? secret(value) : value];
  });
  return {
    ...rest,
    ...(marked.length > 0 && { outputs: Object.fromEntries(marked) }),
    ...(failure && { initErrors: failure.reasons }),
  };
}

/** What a provider made, also when it made it half. */
async function half<T extends Made | undefined>(call: () => Promise<T>): Promise<readonly [T | Made, InitFailed?]> {
  try {
    return [await call()];
  } catch (error) {
    if (error instanceof InitFailed) return [error.made, error];
    throw error;
  }
}

function inverted(diff: Diff): Diff {
  const opposite = (kind: Difference["kind"]) =>
    kind.replace(/add|delete/, (word) => (word === "add" ? "delete" : "add")) as Difference["kind"];
  const detailed = Object.entries(diff.detailed ?? {}).map(([path, change]) => [
    path,
    { ...change, kind: opposite(change.kind) },
  ]);
  return { ...diff, ...(diff.detailed && { detailed: Object.fromEntries(detailed) }) };
}

/** `*` stands for anything within a part of a URN, `**` across parts. */
function asPattern(target: string): RegExp {
  const source = target
    .split(/(\*\*|\*)/)
    .map((part) => (part === "**" ? ".*" : part === "*" ? "[^:]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")));
  return new RegExp(`^${source.join("")}$`);
}
