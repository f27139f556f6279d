import { unknownText } from "../../providers/host/values";
import type { Goal } from "./goal";
import type { Run } from "./operation";
import type { Diff, Plugins } from "./plugin";
import type { Place, Snapshot } from "./snapshot";
import { needs, type ResourceState, type Values } from "./state/deployment";
import type { Plan, Registered, Steps } from "./steps";
import type { Targets } from "./targets";
import type { Turns } from "./turns";
import { filled, propertyOf, restore } from "./values";

/** What was decided, to be done beside what else was. */
type CarryOut = () => Promise<Registered>;

/** Decides what a registration takes: compares what is wanted with what there is, and asks the providers. */
export class Planner {
  /** What is known of what the program registered, by URN. */
  readonly fates = new Map<string, "planned" | "failed or skipped" | "left out by --target">();
  /** URNs under which something was there that has been registered, maybe under another one. */
  readonly #claimed = new Set<string>();
  /** What was deleted in this run before its replacement. */
  readonly #deletedFirst = new Set<Place>();

  constructor(
    private readonly run: Pick<Run, "report">,
    private readonly plugins: Plugins,
    private readonly state: Snapshot,
    private readonly steps: Steps,
    private readonly targets: Targets,
    private readonly order: Turns,
  ) {}

  /** What a registration takes. One after the other, as with the CLI: what fails stops all that comes behind it. */
  plan(goal: Goal): Promise<CarryOut> {
    return this.order.take(() => this.#decide(goal));
  }

  async #decide({ formerly = [], deleteBeforeReplace, retainOnDelete, ...goal }: Goal): Promise<CarryOut> {
    const { urn, type, custom, importID, parent = "" } = goal;
    if (this.fates.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.fates.set(urn, "planned");
    const former = [urn, ...formerly].find((name) => this.#claimed.has(name) || this.state.olds.get(name)) ?? urn;
    if (this.#claimed.has(former)) throw new Error(`Duplicate resource alias '${former}' of '${urn}'`);
    const place = this.state.olds.get(former);
    if (place) this.#claimed.add(former);
    if (place && former !== urn) await this.state.rename(place, urn);
    const inherited = this.state.news.get(parent)?.state.retainOnDelete;
    const aliases = former === urn ? undefined : [former];
    const kept = filled({ ...goal, aliases, retainOnDelete: retainOnDelete ?? inherited });
    const asked = { ...kept, urn, type, custom };
    const needed = [...needs(asked)];
    if (needed.some((other) => this.fates.get(other) === "failed or skipped")) {
      this.fates.set(urn, "failed or skipped");
      return async () => ({ result: "skipped", state: asked });
    }
    if (!this.targets.include(asked)) {
      // It stays as it is, there or not.
      if (place === undefined) this.fates.set(urn, "left out by --target");
      else this.run.report.step("end", { op: "same", urn, old: place.state, next: place.state });
      return async () => ({ result: "success", state: place?.state ?? asked });
    }
    const missing = needed.find((other) => this.fates.get(other) === "left out by --target");
    if (missing !== undefined)
      throw new Error(`Resource '${urn}' depends on '${missing}' which was not specified in --target list.`);
    if (importID === undefined || (place?.state.importID ?? place?.state.id) === importID)
      return this.#compare(asked, place, deleteBeforeReplace);
    if (place !== undefined) throw new Error(`resource '${urn}' exists with another id than '${importID}'`);
    return async () => {
      const next = { ...asked, inputs: undefined, id: importID };
      const imported = await this.steps.carryOut({ op: "import", urn, next });
      const carryOut = await this.order.take(() => this.#compare(asked, this.state.news.get(urn), undefined, imported));
      return carryOut();
    };
  }

  /** Compares what is wanted with what there is. What was just imported, and is as it should be, needs no step more. */
  async #compare(asked: ResourceState, place?: Place, deleteFirst?: boolean, imported?: Registered): Promise<CarryOut> {
    const { urn, inputs = {}, ignoreChanges } = asked;
    // What was deleted first is made anew: there is nothing to compare with.
    const old = place && this.#deletedFirst.has(place) ? undefined : place?.state;
    const next = await this.check(asked, old?.inputs, old ? restore(inputs, old.inputs, ignoreChanges) : inputs);
    const plan: Plan = { urn, next, old: place?.state };
    if (place === undefined) return () => this.steps.carryOut({ ...plan, op: "create" });
    if (old === undefined) return this.#replace(plan, place, true);
    const diff = await this.#diff(old, next);
    if (old.pendingReplacement || diff.replaceKeys.length > 0) {
      if (old.protect && next.protect) throw new Error(`unable to replace resource "${urn}"\n${held}`);
      if (asked.importID !== undefined) throw new Error(`unable to replace "${urn}": remove its \`import\` first`);
      const anew = { ...plan, diff, next: await this.check(next, undefined, asked.inputs) };
      return this.#replace(anew, place, deleteFirst ?? diff.deleteBeforeReplace);
    }
    const { id, outputs, created, modified } = old;
    const update = { ...plan, diff, op: "update", next: { ...next, id } } as const;
    const same = { ...plan, op: "same", next: { ...next, id, outputs, created, modified } } as const;
    // One that was half made is updated although nothing changed: its provider carries on.
    const step = diff.changes || old.initErrors ? update : same;
    return async () => (step === same && imported) || this.steps.carryOut(step, [[place, undefined]]);
  }

  /** Inputs as their provider completes them. */
  async check(next: ResourceState, olds?: Values, news: Values = {}): Promise<ResourceState> {
    return { ...next, inputs: await (await this.plugins.of(next)).check({ ...next, inputs: news }, olds) };
  }

  /** How a resource differs from what is wanted. What the program wants to have replaced for is a reason to replace. */
  async #diff(old: ResourceState, next: ResourceState): Promise<Diff> {
    const diff = await (await this.plugins.of(next)).diff(old, next);
    const changed = [...diff.changedKeys, ...Object.keys(diff.detailed ?? {})];
    const reasons = changed.filter((path) => next.replaceOnChanges?.includes(propertyOf(path)));
    return { ...diff, replaceKeys: [...new Set([...diff.replaceKeys, ...reasons])] };
  }

  /** Makes the new one first and leaves the old one, marked, for the end; or the other way round, where that is asked for. */
  async #replace(plan: Plan, place: Place, deleteFirst: boolean): Promise<CarryOut> {
    const doomed = deleteFirst && !this.#deletedFirst.has(place) ? await this.#replacedWith(place) : [];
    return async () => {
      for (const one of doomed) {
        const { state: old } = one;
        const mark = { pendingReplacement: true };
        await this.steps.carryOut({ op: "delete-replaced", urn: old.urn, old }, [[one, mark]]);
      }
      const tell = (next: ResourceState) => this.run.report.step("end", { ...plan, next, op: "replace" });
      if (deleteFirst) tell(plan.next);
      const step = { ...plan, op: "create-replacement" } as const;
      const made = await this.steps.carryOut(step, [[place, deleteFirst ? undefined : { delete: true }]]);
      if (!deleteFirst) tell(made.state);
      return made;
    };
  }

  /** What must be deleted before a replacement is made, in order: all that would be replaced because it is, then itself. */
  async #replacedWith(root: Place): Promise<readonly Place[]> {
    const doomed = [root];
    const urns = new Set([root.state.urn]);
    for (const place of this.state.left) {
      const { state } = place;
      if (!state.custom || state.delete || this.fates.has(state.urn) || this.#deletedFirst.has(place)) continue;
      const unknowns = Object.entries(state.propertyDependencies ?? {}).flatMap(([key, list]) =>
        list?.some((urn) => urns.has(urn)) ? [[key, unknownText]] : [],
      );
      if (unknowns.length === 0) continue;
      const diff = await this.#diff(state, { ...state, inputs: { ...state.inputs, ...Object.fromEntries(unknowns) } });
      if (diff.replaceKeys.length === 0) continue;
      if (state.protect)
        throw new Error(`unable to replace resource "${state.urn}" as part of replacing "${root.state.urn}"\n${held}`);
      doomed.push(place);
      urns.add(state.urn);
    }
    for (const place of doomed) this.#deletedFirst.add(place);
    return doomed.reverse().filter(({ state }) => !state.pendingReplacement);
  }
}

/** Why something is not done to what is protected, and what to do about it. */
export const held = "because it is protected: remove its `protect` flag first";
