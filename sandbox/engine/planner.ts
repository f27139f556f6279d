import { unknownText } from "../../providers/host/values";
import { type Goal, wanted } from "./goal";
import type { Run } from "./operation";
import type { Diff, Plugins } from "./plugin";
import { needs, type Place, type Snapshot } from "./snapshot";
import type { ResourceState, Values } from "./state/deployment";
import { type Plan, type Registered, type Steps, Stopped } from "./steps";
import type { Targets } from "./targets";
import { nameOf } from "./urn";
import { covers, known, restore } from "./values";

/** What an earlier run left of a resource, and the URN that it had then if that was another one. */
interface Claim {
  readonly place?: Place;
  readonly former?: string;
}

/** What was decided, to be done when its turn comes. */
export type CarryOut = () => Promise<Registered>;

/** Decides what a registration takes: compares what is wanted with what there is, and asks the providers. */
export class Planner {
  /** URNs that the program registered. */
  readonly registered = new Set<string>();
  /** URNs that failed or were skipped: what needs one of them is skipped. */
  readonly lost = new Set<string>();
  /** Former URNs, with what has become of them. */
  readonly #claimed = new Map<string, string>();
  /** URNs that are not there, and not made because --target does not name them. */
  readonly #unmade = new Set<string>();
  /** What was deleted in this run before its replacement. */
  readonly #deletedFirst = new Set<Place>();

  #planning: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly run: Pick<Run, "report">,
    private readonly plugins: Plugins,
    private readonly state: Snapshot,
    private readonly steps: Steps,
    private readonly targets: Targets,
  ) {}

  /** What a registration takes. Plans one after the other, as the CLI does: what fails stops all that comes behind it. */
  async plan(goal: Goal, urn: string): Promise<CarryOut> {
    const claim = await this.#claim(urn, goal.aliases ?? []);
    return this.#inOrder(() => this.#settle(goal, urn, claim));
  }

  /** Finds what an earlier run left of a resource, under its URN or a former one, which it then has no more. */
  async #claim(urn: string, aliases: readonly string[]): Promise<Claim> {
    if (this.registered.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.registered.add(urn);
    for (const name of [urn, ...aliases]) {
      const heir = this.#claimed.get(name);
      if (heir !== undefined) throw new Error(`Duplicate resource alias '${name}' of '${urn}': it is '${heir}' now`);
      const place = this.state.old(name);
      if (place === undefined) continue;
      this.#claimed.set(name, urn);
      if (name === urn) return { place };
      await this.steps.begin(() => this.state.rename(place, urn));
      return { place, former: name };
    }
    return {};
  }

  /** Decides what a registration takes. */
  async #settle(goal: Goal, urn: string, { place, former }: Claim): Promise<CarryOut> {
    const inherited = goal.retainOnDelete ?? this.state.new(goal.parent ?? "")?.state.retainOnDelete;
    const asked = wanted({ ...goal, ...known({ retainOnDelete: inherited }) }, urn, place?.state, former);
    const needed = [...needs(asked)];
    if (needed.some((other) => this.lost.has(other))) {
      this.lost.add(urn);
      return async () => ({ result: "skipped", state: asked });
    }
    if (!this.targets.include(asked)) return this.#passOver(asked, place);
    const missing = needed.find((other) => this.#unmade.has(other));
    if (missing !== undefined)
      throw new Error(`Resource '${urn}' depends on '${missing}' which was not specified in --target list.`);
    const { importID } = goal;
    if (importID === undefined || (place?.state.importID ?? place?.state.id) === importID)
      return this.#compare(goal, asked, place);
    if (place !== undefined) throw new Error(`resource '${urn}' exists with another id than '${importID}'`);
    return async () => {
      const imported = await this.steps.import(asked, importID);
      const carryOut = await this.#inOrder(() => this.#compare(goal, asked, this.state.new(urn), imported));
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
    const next = await this.check(asked, old?.inputs, news);
    const plan: Plan = { urn, next, ...(place && { old: place.state }) };
    if (place === undefined) return () => this.steps.create("create", plan);
    if (old === undefined) return () => this.#recreate(plan, place);
    const diff = await this.#diff({ ...old, urn }, next);
    if (old.pendingReplacement || (diff.changes && diff.replaceKeys.length > 0))
      return this.#replace(goal, { ...plan, diff }, place);
    // One that was half made is updated although nothing changed: its provider carries on.
    if (diff.changes || old.initErrors) return () => this.steps.update({ ...plan, diff }, place, old);
    return async () => imported ?? this.steps.same(plan, place);
  }

  /** What --target leaves out stays as it is, there or not. */
  #passOver(asked: ResourceState, place: Place | undefined): CarryOut {
    const { urn } = asked;
    if (place === undefined) this.#unmade.add(urn);
    else this.run.report.step("end", { op: "same", urn, old: place.state, next: place.state });
    return async () => ({ result: "success", state: place?.state ?? asked, unknown: place === undefined });
  }

  /** Inputs as their provider completes them. */
  async check(next: ResourceState, olds: Values = {}, news: Values = {}): Promise<ResourceState> {
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

  /** How a resource differs from what is wanted. What the program wants to have replaced for is a reason to replace. */
  async #diff(
    old: ResourceState,
    { inputs = {}, ignoreChanges, replaceOnChanges, ...next }: ResourceState,
  ): Promise<Diff> {
    const diff = await (await this.plugins.of(next)).diff(old, inputs, ignoreChanges);
    const changed = [...diff.changedKeys, ...Object.keys(diff.detailed ?? {})];
    const reasons = changed.filter((path) => replaceOnChanges?.some((pattern) => covers(pattern, path)));
    return { ...diff, replaceKeys: [...new Set([...diff.replaceKeys, ...reasons])] };
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
    const next = await this.check(plan.next, {}, goal.inputs);
    if (goal.deleteBeforeReplace ?? plan.diff.deleteBeforeReplace) {
      const doomed = await this.#replacedWith(place);
      return async () => {
        for (const one of doomed) await this.steps.delete(one, true);
        return this.#recreate({ ...plan, next }, place);
      };
    }
    return async () => {
      const put = () => [[place, { ...place.state, delete: true }]] as const;
      const made = await this.steps.create("create-replacement", { ...plan, next }, () => ({ put: put() }));
      this.run.report.step("end", { ...plan, next: made.state, op: "replace" });
      return made;
    };
  }

  /** Makes what was deleted before. */
  #recreate(plan: Plan, place: Place): Promise<Registered> {
    const step = { ...plan, old: place.state };
    this.run.report.step("end", { ...step, op: "replace" });
    return this.steps.create("create-replacement", step, () => ({ leave: [place] }));
  }

  /** What must be deleted before a replacement is made, in order: all that would be replaced because it is, then itself. */
  async #replacedWith(root: Place): Promise<readonly Place[]> {
    const doomed = [root];
    const urns = new Set([root.state.urn]);
    for (const place of this.state.left) {
      const { state } = place;
      if (!state.custom || state.delete || this.registered.has(state.urn) || this.#deletedFirst.has(place)) continue;
      const unknowns = Object.entries(state.propertyDependencies ?? {}).flatMap(([key, list]) =>
        list?.some((urn) => urns.has(urn)) ? [[key, unknownText]] : [],
      );
      if (unknowns.length === 0) continue;
      const diff = await this.#diff(state, { ...state, inputs: { ...state.inputs, ...Object.fromEntries(unknowns) } });
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

  #inOrder(work: () => Promise<CarryOut>): Promise<CarryOut> {
    const planned = this.#planning.then(() => {
      if (this.steps.isStopped) throw new Stopped();
      return work();
    });
    this.#planning = planned.catch(() => undefined);
    return planned;
  }
}
