import { needs } from "../state/deployment";
import { isProviderType, typeOf } from "../urn";
import type { Place, Snapshot } from "./snapshot";

/** What is known of what a run has come to, by URN. */
export type Fates = Map<string, "planned" | "failed or skipped" | "left out">;

/**
 * Resources that a run passes over, because it is about others. Each keeps its old state, so what that needs is carried along
 * before it, whether or not the program still has it: it counts as registered, and the program may not register it any more.
 */
export class Bystanders {
  constructor(
    private readonly state: Snapshot,
    private readonly fates: Fates,
  ) {}

  /** What is carried along with a resource that a registration is about, in order: last the resource itself. */
  with(urn: string, place: Place): readonly Place[] {
    const { before } = place;
    if (before.delete) return [];
    this.fates.set(before.urn, "planned");
    this.fates.set(urn, "planned");
    const found = [...needs(before)].flatMap((needed) => {
      if (this.fates.has(needed)) return [];
      const other = this.state.olds.get(needed);
      if (!other && isProviderType(typeOf(needed))) return [];
      if (!other) throw new Error(`'${urn}', which is passed over, needs '${needed}', which is not in the state`);
      return this.with(needed, other);
    });
    return [...found, place];
  }
}
