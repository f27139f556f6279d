import type { Run } from "../run";
import { needs, type ResourceState } from "../state/deployment";
import { Graph } from "./graph";
import type { Planner } from "./planner";
import { held } from "./replacements";
import type { Place, Snapshot } from "./snapshot";
import type { Steps } from "./steps";
import type { Targets } from "./targets";

/** What becomes of what goes wrong. */
export interface Faults {
  /** It is told, and the run goes on. */
  readonly tell: (error: unknown, urn?: string) => void;
  /** It is told, and nothing new begins, unless the run is to go on after steps that fail. */
  readonly stop: (error: unknown, urn?: string) => void;
}

/** The end of a run: deletes what the program no longer registers, and what waits to be deleted. */
export class Deletions {
  constructor(
    private readonly run: Pick<Run, "preview" | "report">,
    private readonly state: Snapshot,
    private readonly steps: Steps,
    private readonly planner: Planner,
    private readonly targets: Targets,
    private readonly faults: Faults,
  ) {}

  /** Deletes in rows, as the CLI does: what nothing needs first. What the run is not about is carried along before. */
  async carryOut(): Promise<void> {
    const { before, left } = this.state;
    const states = before.map((place) => place.before);
    const isDeletable = this.targets.deletable(states);
    const isMeant = (place: Place) => isDeletable(place.before.urn);
    const doomed = before.flatMap((place, at) => {
      const isDoomed = left.has(place) && isMeant(place) && (place.state.delete || !this.planner.isSeen(place));
      return isDoomed ? [at] : [];
    });
    const strays = doomed.map((at) => states[at]?.urn ?? "").filter((urn) => this.targets.isStray(urn));
    for (const urn of strays) this.faults.tell(new Error(strayed(urn)), urn);
    if (strays.length > 0 && !this.run.preview) return;
    const others = before.filter((place) => left.has(place) && !isMeant(place) && !this.planner.isSeen(place));
    if (others.length > 0) await this.steps.move(others);
    const spared = new Set<string>();
    // What a resource needs that was to be changed, and could not, stays as well.
    for (const { state } of left)
      if (this.planner.fates.get(state.urn) === "failed or skipped") spare(spared, state, states);
    for (const row of new Graph(states).rows(doomed)) {
      const places = row.map((at) => before[at] as Place).filter(({ before: { urn } }) => !spared.has(urn));
      const gone = await Promise.all(places.map((place) => this.#delete(place)));
      for (const [at, { before: state }] of places.entries()) if (!gone[at]) spare(spared, state, states);
    }
  }

  /** Deletes for good; whether it is gone. */
  async #delete(place: Place): Promise<boolean> {
    const { state: old } = place;
    const { urn, protect, delete: waits, pendingReplacement } = old;
    if (protect && !waits && !pendingReplacement) {
      for (const at of ["begin", "fail"] as const) this.run.report.step(at, { op: "delete", urn, old });
      // Nothing is done to it, so the run may go on, and tell of all that are protected.
      this.faults.tell(new Error(`resource "${urn}" cannot be deleted\n${held}`), urn);
      return false;
    }
    try {
      // Its delete came before its replacement, which is not wanted any more.
      if (pendingReplacement) await this.steps.forget(place);
      else await this.steps.carryOut({ op: waits ? "delete-replaced" : "delete", urn, old }, [[place, undefined]]);
      return true;
    } catch (error) {
      this.faults.stop(error, urn);
      return false;
    }
  }
}

const strayed = (urn: string): string =>
  `Resource '${urn}' will be destroyed but was not specified in --target list.\nEither include resource in --target list or pass --target-dependents to proceed.`;

/** Everything that a resource needs, directly or not, is spared. */
function spare(spared: Set<string>, state: ResourceState, states: readonly ResourceState[]): void {
  for (const urn of needs(state)) {
    if (spared.has(urn)) continue;
    spared.add(urn);
    for (const needed of states) if (needed.urn === urn) spare(spared, needed, states);
  }
}
