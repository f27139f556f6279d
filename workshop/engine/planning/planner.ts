import type { Diff } from "../answers";
import type { Plugins } from "../plugin";
import type { Run } from "../run";
import { needs, providerOf, type ResourceState, type Values } from "../state/deployment";
import { filled, restore } from "../values";
import { Aliases } from "./aliases";
import { Bystanders, type Fates } from "./bystanders";
import type { Goal } from "./goal";
import { held, isReplacement, Replacements } from "./replacements";
import type { Place, Snapshot } from "./snapshot";
import type { Plan, Registered, Steps } from "./steps";
import type { Targets } from "./targets";
import type { Turns } from "./turns";

/** What was decided, to be done beside what else was. */
type CarryOut = () => Promise<Registered>;

/** Decides what a registration takes: compares what is wanted with what there is, and asks the providers. */
export class Planner {
  /** What is known of what the program registered, by URN. */
  readonly fates: Fates = new Map();
  readonly #aliases: Aliases;
  /** By URN, when what was planned for it has ended, well or not. */
  readonly #ends = new Map<string, Promise<unknown>>();
  readonly #bystanders: Bystanders;
  readonly #replacements: Replacements;

  constructor(
    private readonly run: Pick<Run, "report" | "preview">,
    private readonly plugins: Plugins,
    private readonly state: Snapshot,
    private readonly steps: Steps,
    private readonly targets: Targets,
    private readonly order: Turns,
    /** Tells a fault after which a preview goes on. */
    private readonly tell: (error: unknown, urn: string) => void,
  ) {
    this.#aliases = new Aliases(state.olds, this.fates);
    this.#bystanders = new Bystanders(state, this.fates);
    this.#replacements = new Replacements(run, plugins, state, steps, this.fates);
  }

  /** Whether what was there when the run began has been come to, maybe under another URN. */
  isSeen({ before: { urn } }: Place): boolean {
    return this.fates.has(this.#aliases.now(urn));
  }

  /** What a registration comes to. Planned one after the other, as with the CLI: what fails stops all that comes behind it. */
  async plan(goal: Goal): Promise<Registered> {
    const { carried } = await this.order.take(async () => {
      const carryOut = await this.#decide(goal);
      const carried = carryOut();
      this.#ends.set(goal.urn, ended(carried));
      return { carried };
    });
    return carried;
  }

  async #decide(wanted: Goal): Promise<CarryOut> {
    const { formerly, deleteBeforeReplace, retainOnDelete, ...goal } = wanted;
    const { urn, type, custom, importID, parent = "" } = goal;
    if (parent !== "" && !this.fates.has(parent)) throw new Error(`could not find parent resource ${parent}`);
    if (this.fates.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.fates.set(urn, "planned");
    const former = this.#aliases.former(wanted);
    const place = this.state.olds.get(former);
    const inherited = this.state.news.get(parent)?.state.retainOnDelete;
    const aliases = former === urn ? undefined : [former];
    const kept = filled({ ...goal, aliases, retainOnDelete: retainOnDelete ?? inherited });
    const asked = { ...kept, urn, type, custom };
    const needed = [...needs(asked)];
    if (this.#isSpoilt(asked)) return this.#skip(asked);
    const isMeant = this.targets.include(asked);
    if (place && this.#replacements.isDeleted(place)) {
      // It is made anew whether or not the run is about it: as it was, if not.
      const inputs = isMeant ? (await this.check(asked, undefined, asked.inputs)).inputs : place.state.inputs;
      return this.#replacements.anew({ urn, old: place.state, next: { ...asked, inputs } }, place);
    }
    if (!isMeant) return this.#passOver(asked, place);
    const missing = needed.find((other) => this.fates.get(other) === "left out");
    if (missing !== undefined && this.targets.areStrict) {
      this.#fault(`Resource '${urn}' depends on '${missing}' which was not specified in --target list.`, urn);
      // It is told of once.
      this.fates.set(missing, "planned");
    }
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

  #isSpoilt(state: ResourceState): boolean {
    return [...needs(state)].some((other) => this.fates.get(other) === "failed or skipped");
  }

  #skip(state: ResourceState): CarryOut {
    this.fates.set(state.urn, "failed or skipped");
    return async () => ({ result: "skipped", state });
  }

  /** Leaves a resource as it is, there or not. */
  #passOver(asked: ResourceState, place?: Place): CarryOut {
    const { urn } = asked;
    if (place === undefined) {
      this.fates.set(urn, "left out");
      return async () => {
        for (const at of ["begin", "end"] as const) this.run.report.step(at, { op: "same", urn, next: asked });
        return { result: "success", state: asked };
      };
    }
    const provider = providerOf(place.before);
    if (provider && this.state.news.get(provider.urn)?.state.id !== provider.id)
      throw new Error(
        `provider ${place.before.provider} for resource ${urn} has not been registered yet, this is due to a change of providers mixed with --target. Change your program back to the original providers`,
      );
    if (this.#isSpoilt(place.before)) return this.#skip(asked);
    const along = this.#bystanders.with(urn, place);
    const awaited = along.flatMap(({ before }) => [...needs(before)].flatMap((needed) => this.#ends.get(needed) ?? []));
    const carried = Promise.all(awaited).then(() => this.steps.move(along));
    for (const { before } of along) this.#ends.set(before.urn, ended(carried));
    return () => carried;
  }

  /** Compares what is wanted with what there is. What was just imported, and is as it should be, needs no step more. */
  async #compare(asked: ResourceState, place?: Place, deleteFirst?: boolean, imported?: Registered): Promise<CarryOut> {
    const { urn, inputs = {}, ignoreChanges } = asked;
    // What is to be replaced anyway is made anew: there is nothing to compare with.
    const old = this.targets.replace(urn) ? undefined : place?.state;
    const next = await this.check(asked, old?.inputs, old ? restore(inputs, old.inputs, ignoreChanges) : inputs);
    const plan: Plan = { urn, next, old: place?.state };
    if (place === undefined) return () => this.steps.carryOut({ ...plan, op: "create" });
    const diff = old ? await this.#replacements.diff(old, next) : forced;
    const { pendingReplacement, protect, id, outputs, created, modified, initErrors } = place.state;
    if (pendingReplacement || isReplacement(diff)) {
      if (protect && next.protect) this.#fault(`unable to replace resource "${urn}"\n${held}`, urn);
      if (asked.importID !== undefined) this.#fault(`unable to replace "${urn}": remove its \`import\` first`, urn);
      const anew = { ...plan, diff, next: old ? await this.check(next, undefined, asked.inputs) : next };
      if (pendingReplacement) return this.#replacements.anew(anew, place);
      return this.#replacements.of(anew, place, deleteFirst ?? diff.deleteBeforeReplace);
    }
    const update = { ...plan, diff, op: "update", next: { ...next, id } } as const;
    const same = { ...plan, op: "same", next: { ...next, id, outputs, created, modified } } as const;
    // One that was half made is updated although nothing changed: its provider carries on.
    const step = diff.changes || initErrors ? update : same;
    return async () => (step === same && imported) || this.steps.carryOut(step, [[place, undefined]]);
  }

  /** Inputs as their provider completes them. */
  async check(next: ResourceState, olds?: Values, news: Values = {}): Promise<ResourceState> {
    return { ...next, inputs: await (await this.plugins.of(next)).check({ ...next, inputs: news }, olds) };
  }

  /** Tells of a fault that a preview goes on after, so that it tells of all, and that ends an update at once. */
  #fault(message: string, urn: string): void {
    const error = new Error(message);
    if (!this.run.preview) throw error;
    this.tell(error, urn);
  }
}

/** What differs where `--replace` names a resource. */
const forced: Diff = { changes: true, changedKeys: [], replaceKeys: ["id"], deleteBeforeReplace: false };

const ended = (carried: Promise<unknown>): Promise<unknown> => carried.then(nothing, nothing);
const nothing = (): void => undefined;
