import { unknownText } from "../../../providers/host/values";
import type { Diff } from "../answers";
import type { Plugins } from "../plugin";
import type { Run } from "../run";
import type { ResourceState } from "../state/deployment";
import { propertyOf } from "../values";
import type { Fates } from "./bystanders";
import type { Place, Snapshot } from "./snapshot";
import type { Plan, Registered, Steps } from "./steps";

/** Replaces resources: makes the new one first and deletes the old one at the end, or the other way round. */
export class Replacements {
  /** What was deleted in this run before its replacement. */
  readonly #deleted = new Set<Place>();

  constructor(
    private readonly run: Pick<Run, "report">,
    private readonly plugins: Plugins,
    private readonly state: Snapshot,
    private readonly steps: Steps,
    private readonly fates: Fates,
  ) {}

  /** Whether something was deleted in this run, because something that it needs had to be deleted first. */
  isDeleted(place: Place): boolean {
    return this.#deleted.has(place);
  }

  /** How a resource differs from what is wanted. What the program wants to have replaced for is a reason to replace. */
  async diff(old: ResourceState, next: ResourceState): Promise<Diff> {
    const diff = await (await this.plugins.of(next)).diff(old, next);
    const changed = [...diff.changedKeys, ...Object.keys(diff.detailed ?? {})];
    const reasons = changed.filter((path) => next.replaceOnChanges?.includes(propertyOf(path)));
    return { ...diff, replaceKeys: [...new Set([...diff.replaceKeys, ...reasons])] };
  }

  /** Makes what was deleted before. */
  anew(plan: Plan, place: Place): () => Promise<Registered> {
    return () => {
      this.#tell(plan);
      return this.steps.carryOut({ ...plan, op: "create-replacement" }, [[place, undefined]]);
    };
  }

  /** Makes the new one first and leaves the old one, marked, for the end; or the other way round, where that is asked for. */
  async of(plan: Plan, place: Place, deleteFirst: boolean): Promise<() => Promise<Registered>> {
    if (!deleteFirst)
      return async () => {
        const step = { ...plan, op: "create-replacement" } as const;
        const made = await this.steps.carryOut(step, [[place, { delete: true }]]);
        this.#tell({ ...plan, next: made.state });
        return made;
      };
    const doomed = await this.#with(place);
    return async () => {
      for (const one of doomed) {
        const { state: old } = one;
        if (old.delete) await this.steps.carryOut({ op: "delete", urn: old.urn, old }, [[one, undefined]]);
        else {
          const mark = { pendingReplacement: true };
          await this.steps.carryOut({ op: "delete-replaced", urn: old.urn, old }, [[one, mark]]);
        }
      }
      return this.anew(plan, place)();
    };
  }

  #tell(plan: Plan): void {
    for (const at of ["begin", "end"] as const) this.run.report.step(at, { ...plan, op: "replace" });
  }

  /** What must be deleted before a replacement is made, in order: all that would be replaced because it is, then itself. */
  async #with(root: Place): Promise<readonly Place[]> {
    const doomed = [root];
    const urns = new Set([root.state.urn]);
    for (const place of this.state.left) {
      const { state } = place;
      if (!state.custom || this.fates.has(state.urn) || this.#deleted.has(place)) continue;
      const unknowns = Object.entries(state.propertyDependencies ?? {}).flatMap(([key, list]) =>
        list?.some((urn) => urns.has(urn)) ? [[key, unknownText]] : [],
      );
      if (unknowns.length === 0) continue;
      const diff = await this.diff(state, { ...state, inputs: { ...state.inputs, ...Object.fromEntries(unknowns) } });
      if (!isReplacement(diff)) continue;
      urns.add(state.urn);
      if (state.pendingReplacement) continue;
      if (state.protect && !state.delete)
        throw new Error(`unable to replace resource "${state.urn}" as part of replacing "${root.state.urn}"\n${held}`);
      doomed.push(place);
    }
    for (const place of doomed) this.#deleted.add(place);
    return doomed.reverse();
  }
}

/** Whether a difference takes a replacement. */
export const isReplacement = ({ changes, replaceKeys, detailed = {} }: Diff): boolean =>
  changes && (replaceKeys.length > 0 || Object.values(detailed).some(({ kind }) => kind.endsWith("-replace")));

/** Why something is not done to what is protected, and what to do about it. */
export const held = "because it is protected: remove its `protect` flag first";
