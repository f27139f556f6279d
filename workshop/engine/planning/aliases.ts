import { makeUrn, nameOf, ownersOf, typeOf } from "../urn";
import type { Fates } from "./bystanders";
import type { Alias, Goal } from "./goal";
import type { Place } from "./snapshot";

/** What was there under other URNs than those that the program registers. */
export class Aliases {
  /** By the URN under which something was there, the one under which it was registered. */
  readonly #renamed = new Map<string, string>();
  /** The other way round. */
  readonly #formers = new Map<string, string>();

  constructor(
    private readonly olds: ReadonlyMap<string, Place>,
    private readonly fates: Fates,
  ) {}

  /** The URN under which something that was there has been registered. */
  now(urn: string): string {
    return this.#renamed.get(urn) ?? urn;
  }

  /** The URN under which a resource was there: its own, or the first of its aliases that was. Throws where another has it. */
  former(goal: Goal): string {
    const { urn } = goal;
    const other = this.#renamed.get(urn);
    if (other !== undefined)
      throw new Error(`Duplicate resource URN '${urn}' conflicting with alias on resource with URN '${other}'`);
    const former = this.olds.has(urn) ? urn : this.#all(goal).find((name) => this.olds.has(name));
    if (former === undefined || former === urn) return urn;
    const owner = this.#renamed.get(former) ?? (this.fates.has(former) ? urn : undefined);
    if (owner !== undefined) {
      const what = `Duplicate resource alias '${former}' applied to resource with URN '${urn}'`;
      throw new Error(`${what} conflicting with resource with URN '${owner}'`);
    }
    this.#renamed.set(former, urn);
    this.#formers.set(urn, former);
    return former;
  }

  /** What a resource may have been: what it says, and that below what its parent was. */
  #all(goal: Goal): readonly string[] {
    const { urn, type, parent = "", formerly = [] } = goal;
    const own = formerly.map((alias) => this.#urn(goal, alias));
    const above = this.#formers.get(parent);
    if (above === undefined) return own;
    const below = (type: string, name: string) => {
      // A name that begins with the parent's began with what the parent was called.
      const isDerived = name.startsWith(nameOf(parent));
      return makeUrn(
        ...ownersOf(urn),
        above,
        type,
        isDerived ? nameOf(above) + name.slice(nameOf(parent).length) : name,
      );
    };
    return [...own, below(type, nameOf(urn)), ...own.map((alias) => below(typeOf(alias), nameOf(alias)))];
  }

  #urn({ urn, type, parent = "" }: Goal, alias: Alias): string {
    if (typeof alias === "string") return alias;
    const [stack, project] = ownersOf(urn);
    const above = alias.parent ? (this.#formers.get(alias.parent) ?? alias.parent) : parent;
    const within = alias.isRoot ? "" : above;
    return makeUrn(
      alias.stack || stack,
      alias.project || project,
      within,
      alias.type || type,
      alias.name || nameOf(urn),
    );
  }
}
