import { randomBytes } from "node:crypto";
import type { Base } from "./base";
import { type FormerName, wanted } from "./goal";
import { needs } from "./graph";
import type { Diff, Provider } from "./operations";
import type { Registry } from "./registry";
import type { ResourceState, Values } from "./state/deployment";
import type { Events, Registration, Step } from "./step";
import type { Targets } from "./targets";
import { isProviderType, makeUrn, nameOf, stackType, typeOf, typesOf } from "./urn";
import { covers, equal, restore, reveal, unknown } from "./values";

/** Planning cannot go on, and the reason has been told. */
export class Bail extends Error {
  override readonly name = "Bail";
}

/** What a planner decides by. */
export interface PlannerOptions {
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  readonly base: Base;
  readonly registry: Registry;
  readonly events: Events;
  readonly targets: Targets;
  readonly targetDependents: boolean;
}

/** A registration half way through: what there was, and what is wanted instead. */
export interface Pending {
  readonly registration: Registration;
  readonly urn: string;
  readonly old: ResourceState | undefined;
  readonly next: ResourceState;
  /** Two names claim the same former resource: told, and to be refused after the check. */
  readonly invalid: boolean;
  readonly imported: boolean;
}

const noChanges: Diff = { changes: false, replaceKeys: [], changedKeys: [], deleteBeforeReplace: false };

/** Decides what a registration asks for: compares what is wanted with what there was, and asks the providers. */
export class Planner {
  readonly #options: PlannerOptions;
  /** Whether something was found that the run cannot end well with, though it goes on. */
  failed = false;
  /** URNs registered so far. */
  readonly #seen = new Set<string>();
  readonly #creates = new Set<string>();
  readonly #operated = new Set<string>();
  readonly #replaces = new Set<string>();
  readonly #deletes = new Set<string>();
  readonly #skippedCreates = new Set<string>();
  /** By the URN it had: the URN it has. */
  readonly #renamed = new Map<string, string>();
  /** By the URN it has: the URN it had. */
  readonly #former = new Map<string, string>();
  readonly #condemned = new Set<ResourceState>();

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  /** Receives a registration. The steps of an import must have been carried out before {@link decide} is asked. */
  receive(registration: Registration): { readonly pending: Pending; readonly importing?: Step } {
    const { goal } = registration;
    const urn = this.#name(goal.type, goal.name, goal.parent);
    const { old, invalid, former } = this.#findOld(urn, goal.aliases, goal.parent);
    const next = wanted(goal, urn, old, former);
    const pending: Pending = { registration, urn, old, next, invalid, imported: false };
    const oldId = old?.importID ?? old?.id;
    if (!goal.custom || goal.importID === undefined || !(old === undefined || old.external || oldId !== goal.importID))
      return { pending };
    const op = old !== undefined && !this.#deletes.has(urn) ? "import-replacement" : "import";
    this.#operated.add(urn);
    return { pending, importing: { op, urn, next, registration, ...(old && { old }) } };
  }

  /** A resource that the program only reads. */
  receiveRead(registration: Registration): readonly Step[] {
    const { goal, readId } = registration;
    const urn = this.#name(goal.type, goal.name, goal.parent);
    const { old } = this.#findOld(urn, [], goal.parent);
    const id = readId ?? "";
    const next: ResourceState = { ...wanted(goal, urn, old, undefined), id, external: true };
    if (old !== undefined && !old.external && old.id !== id) {
      this.#replaces.add(urn);
      const replaced = { urn, old, next, registration };
      return [
        { op: "read-replacement", ...replaced },
        { op: "replace", ...replaced },
      ];
    }
    this.#operated.add(urn);
    return [{ op: "read", urn, next, registration, ...(old && { old }) }];
  }

  /** The steps that a registration needs. */
  async decide(pending: Pending): Promise<readonly Step[]> {
    const steps = await this.#decide(pending);
    this.#refuseUntargetedNeeds(steps);
    return steps;
  }

  async #decide({ registration, urn, old, next: asked, invalid, imported }: Pending): Promise<readonly Step[]> {
    const { goal } = registration;
    const { targets } = this.#options;
    const provider = await this.#provider(asked);
    const targeted = isProviderType(goal.type) || goal.type === stackType || this.#included(asked);
    const recreating = this.#deletes.has(urn);
    const external = old?.external === true && !imported;
    let next = asked;
    if (provider !== undefined && targeted) {
      const anew = recreating || external || old === undefined;
      const news = anew ? goal.inputs : restore(goal.inputs, old.inputs ?? {}, goal.ignoreChanges ?? []);
      next = await this.#check(provider, next, anew ? {} : (old.inputs ?? {}), news);
    } else if (!targeted && old?.inputs !== undefined) {
      next = { ...next, inputs: old.inputs };
    } else if (old !== undefined) {
      next = { ...next, inputs: restore(goal.inputs, old.inputs ?? {}, goal.ignoreChanges ?? []) };
    }
    if (invalid) throw new Bail(`resource ${urn} is invalid`);
    if (Object.keys(next.inputs ?? {}).length === 0) {
      const { inputs: _, ...rest } = next;
      next = rest;
    }

    if (recreating && old !== undefined) {
      this.#deletes.delete(urn);
      this.#replaces.add(urn);
      return [
        { op: "replace", urn, old, next, registration },
        { op: "create-replacement", urn, old, next, registration },
      ];
    }
    if (old !== undefined && external) {
      this.#creates.add(urn);
      return [
        { op: "create-replacement", urn, old, next, registration, pendingDelete: true },
        { op: "replace", urn, old, next, registration },
      ];
    }
    if (targeted && targets.named && this.#included(next)) targets.add(urn);
    if (old !== undefined) {
      if (!targeted) return this.#keep(old, registration);
      const diff = await this.#diff(old, next, provider);
      return this.#compare(registration, old, next, diff, provider, imported);
    }
    if (!targeted) {
      this.#operated.add(urn);
      this.#skippedCreates.add(urn);
      return [{ op: "same", urn, next, registration, skippedCreate: true }];
    }
    this.#creates.add(urn);
    return [{ op: "create", urn, next, registration }];
  }

  async #compare(
    registration: Registration,
    old: ResourceState,
    checked: ResourceState,
    found: Diff,
    provider: Provider | undefined,
    imported: boolean,
  ): Promise<readonly Step[]> {
    const { goal } = registration;
    const { urn } = checked;
    const { preview, events } = this.#options;
    const unhealthy = (old.initErrors?.length ?? 0) > 0;
    const diff = applyReplaceOnChanges(found, goal.replaceOnChanges ?? [], unhealthy);
    const replaces =
      diff.replaceKeys.length > 0 || Object.values(diff.detailed ?? {}).some(({ kind }) => kind.endsWith("-replace"));
    if (old.pendingReplacement || (diff.changes && replaces)) {
      if (checked.protect && old.protect) {
        const text = `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``;
        events.message("error", text, urn);
        this.failed = true;
        if (!preview) throw new Bail(text);
      }
      if (goal.importID !== undefined) {
        const text = `previously-imported resources that still specify an ID may not be replaced; please remove the \`import\` declaration from your program`;
        if (!preview) throw new Error(text);
        events.message("warning", text, urn);
      }
      this.#replaces.add(urn);
      const next = provider === undefined ? checked : await this.#check(provider, checked, {}, goal.inputs);
      const step = { urn, old, next, registration, diff };
      if (!(goal.deleteBeforeReplace ?? diff.deleteBeforeReplace)) {
        return [
          { op: "create-replacement", ...step, pendingDelete: true },
          { op: "replace", ...step },
        ];
      }
      const deletes = await this.#deletesBefore(old);
      return [...deletes, { op: "replace", ...step }, { op: "create-replacement", ...step }];
    }
    this.#operated.add(urn);
    // One that was half made is updated although nothing changed: its provider carries on.
    if (diff.changes || unhealthy) return [{ op: "update", urn, old, next: checked, registration, diff }];
    if (imported) {
      registration.settle({ result: "success", state: old });
      return [];
    }
    return [{ op: "same", urn, old, next: checked, registration }];
  }

  /** The deletes that come before a replacement is made: of the resource, and of all that would be replaced with it. */
  async #deletesBefore(old: ResourceState): Promise<readonly Step[]> {
    const { base } = this.#options;
    const steps: Step[] = [];
    for (const dependent of [...(await this.#replacedWith(old))].reverse()) {
      if (this.#condemned.has(dependent)) continue;
      if (dependent.protect) {
        const text = `unable to replace resource "${dependent.urn}" as part of replacing "${old.urn}" as it is currently marked for protection.`;
        this.#options.events.message("error", text, dependent.urn);
        throw new Bail(text);
      }
      this.#condemned.add(dependent);
      this.#deletes.add(dependent.urn);
      steps.push({ op: removal(dependent, true), urn: dependent.urn, old: dependent, pendingReplacement: true });
    }
    if (old.provider) await this.#options.registry.ensure(old.provider, (urn) => base.find(urn));
    if (!old.pendingReplacement) {
      this.#condemned.add(old);
      steps.push({ op: removal(old, true), urn: old.urn, old, pendingReplacement: true });
    }
    return steps;
  }

  /** What would be replaced because a resource is: those whose provider says so when what they get from it is unknown. */
  async #replacedWith(root: ResourceState): Promise<readonly ResourceState[]> {
    const { base, registry } = this.#options;
    const replaced = new Set([root.urn]);
    const found: ResourceState[] = [];
    const registered = new Set([...this.#creates, ...this.#operated, ...this.#deletes, ...this.#replaces]);
    registered.delete(root.urn);
    for (const candidate of base.graph.dependents(root, registered, false)) {
      if (!candidate.custom || candidate.external || candidate.delete) continue;
      let replace = replaced.has(candidate.deletedWith ?? "");
      const changing = Object.entries(candidate.propertyDependencies ?? {})
        .filter(([, urns]) => urns?.some((urn) => replaced.has(urn)))
        .map(([key]) => key);
      if (!replace && changing.length > 0 && candidate.provider !== undefined) {
        const plugin = await registry.ensure(candidate.provider, (urn) => base.find(urn));
        const news = { ...candidate.inputs, ...Object.fromEntries(changing.map((key) => [key, unknown])) };
        const diff = await this.#ask(plugin, candidate, news, candidate.ignoreChanges ?? []);
        replace = applyReplaceOnChanges(diff, candidate.replaceOnChanges ?? [], false).replaceKeys.length > 0;
      }
      if (!replace) continue;
      replaced.add(candidate.urn);
      found.push(candidate);
    }
    const cascade = base.resources.filter((state) => !found.includes(state) && state.deletedWith === root.urn);
    return [...found, ...cascade];
  }

  /** Deletes for what the program no longer registers, or waits to be deleted; what is not meant is kept as it is. */
  deletes(): { readonly keep: readonly Step[]; readonly remove: readonly Step[] } {
    const { base, targets, targetDependents, events } = this.#options;
    const keep: Step[] = [];
    const remove: Step[] = [];
    const meant = new Set(base.resources.filter(({ urn }) => targets.has(urn)).map(({ urn }) => urn));
    if (targets.named) {
      for (const root of base.resources.filter(({ urn }) => meant.has(urn)))
        for (const dependent of base.graph.dependents(root, new Set(), true)) meant.add(dependent.urn);
    }
    for (const state of base.resources) {
      if (targets.named && !meant.has(state.urn)) {
        if (!state.delete && !this.#isOperated(state.urn) && !this.#creates.has(state.urn))
          keep.push({ op: "same", urn: state.urn, old: state, next: state, untargeted: true });
        continue;
      }
      if (state.delete) {
        if (this.#condemned.has(state)) continue;
        remove.push({ op: removal(state, true), urn: state.urn, old: state });
      } else if (!this.#isOperated(state.urn) && !this.#creates.has(state.urn)) {
        if (this.#condemned.has(state)) continue;
        remove.push({
          op: state.pendingReplacement ? "remove-pending-replace" : removal(state, false),
          urn: state.urn,
          old: state,
        });
      } else continue;
      this.#deletes.add(state.urn);
    }
    const stray = remove.filter(({ urn }) => targets.named && !targets.has(urn) && !targetDependents);
    for (const { urn } of stray) {
      events.message(
        "error",
        `Resource '${urn}' will be destroyed but was not specified in --target list.\nEither include resource in --target list or pass --target-dependents to proceed.`,
        urn,
      );
      this.failed = true;
    }
    if (stray.length > 0 && !this.#options.preview) throw new Bail("delete untargeted resource");
    return { keep, remove };
  }

  /** Steps that carry the whole state over as it is. */
  keepAll(): readonly Step[] {
    return this.#options.base.resources.flatMap((state) =>
      state.delete || this.#isOperated(state.urn) ? [] : this.#keep(state, undefined),
    );
  }

  #isOperated(urn: string): boolean {
    const now = this.#renamed.get(urn) ?? urn;
    return this.#operated.has(now) || this.#replaces.has(now);
  }

  #name(type: string, name: string, parent: string | undefined): string {
    const { stack, project, events } = this.#options;
    if (parent !== undefined && !this.#seen.has(parent)) throw new Error(`could not find parent resource ${parent}`);
    const urn = makeUrn(stack, project, parent, type, name);
    if (this.#seen.has(urn)) {
      const text = `Duplicate resource URN '${urn}'; try giving it a unique name`;
      events.message("error", text, urn);
      throw new Bail(text);
    }
    this.#seen.add(urn);
    return urn;
  }

  #findOld(urn: string, names: readonly FormerName[], parent: string | undefined) {
    const { base, events } = this.#options;
    let invalid = false;
    const refuse = (text: string) => {
      events.message("error", text, urn);
      invalid = true;
    };
    const taken = this.#renamed.get(urn);
    if (taken !== undefined)
      refuse(`Duplicate resource URN '${urn}' conflicting with alias on resource with URN '${taken}'`);
    const exact = base.find(urn);
    if (exact !== undefined) return { old: exact, invalid, former: undefined };
    for (const former of this.#formerUrns(urn, names, parent)) {
      const old = base.find(former);
      if (old === undefined) continue;
      const claimed = this.#seen.has(former) ? urn : this.#renamed.get(former);
      if (claimed !== undefined)
        refuse(
          `Duplicate resource alias '${former}' applied to resource with URN '${urn}' conflicting with resource with URN '${claimed}'`,
        );
      this.#renamed.set(former, urn);
      this.#former.set(urn, former);
      return { old, invalid, former };
    }
    return { old: undefined, invalid, former: undefined };
  }

  /** What a resource may have been called: its aliases, each also under its parent's former name. */
  #formerUrns(urn: string, names: readonly FormerName[], parent: string | undefined): readonly string[] {
    const { stack, project } = this.#options;
    const own = names.map((former) => {
      if (former.urn !== undefined) return former.urn;
      const within = former.parent === undefined ? parent : (this.#former.get(former.parent) ?? former.parent);
      return makeUrn(
        former.stack ?? stack,
        former.project ?? project,
        former.noParent ? undefined : within,
        former.type ?? typeOf(urn),
        former.name ?? nameOf(urn),
      );
    });
    const formerParent = parent === undefined ? undefined : this.#former.get(parent);
    if (parent === undefined || formerParent === undefined) return [...new Set(own)];
    const inherited = [urn, ...own].map((alias) => {
      const name = nameOf(alias);
      const renamed = name.startsWith(nameOf(parent)) ? nameOf(formerParent) + name.slice(nameOf(parent).length) : name;
      return `urn:pulumi:${stack}::${project}::${typesOf(formerParent)}$${typeOf(alias)}::${renamed}`;
    });
    return [...new Set([...own, ...inherited])];
  }

  async #provider(next: ResourceState): Promise<Provider | undefined> {
    if (!next.custom) return undefined;
    const { registry, base } = this.#options;
    return isProviderType(next.type) ? registry : registry.ensure(next.provider ?? "", (urn) => base.find(urn));
  }

  async #check(provider: Provider, next: ResourceState, olds: Values, news: Values): Promise<ResourceState> {
    const { inputs, failures } = await provider.check(next.urn, olds, news, randomBytes(32));
    for (const { property, reason } of failures) {
      const about = property === "" ? "" : `property ${property} `;
      const text = `${next.type} resource '${nameOf(next.urn)}' has a problem: ${about}${reason}`;
      this.#options.events.message("error", text, next.urn);
    }
    if (failures.length > 0) throw new Bail(`resource ${next.urn} is invalid`);
    return { ...next, inputs };
  }

  async #diff(old: ResourceState, next: ResourceState, provider: Provider | undefined): Promise<Diff> {
    if (next.deletedWith !== undefined && this.#replaces.has(next.deletedWith))
      return { ...noChanges, changes: true, replaceKeys: ["deletedWith"] };
    if (provider === undefined) return { ...noChanges, changes: !equal(old.inputs ?? {}, next.inputs ?? {}) };
    return this.#ask(provider, { ...old, urn: next.urn }, next.inputs ?? {}, next.ignoreChanges ?? []);
  }

  async #ask(provider: Provider, old: ResourceState, news: Values, ignoreChanges: readonly string[]): Promise<Diff> {
    const { inputs = {}, outputs = {}, id = "", urn } = old;
    const diff = await provider.diff({ urn, id, inputs, outputs }, news, ignoreChanges);
    if (diff.changes !== undefined) return diff;
    const [before, after] = [reveal(inputs) as Values, reveal(restore(news, inputs, ignoreChanges)) as Values];
    const changedKeys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (key) => !equal(before[key], after[key]),
    );
    return { ...diff, changes: changedKeys.length > 0, changedKeys };
  }

  /** Whether a resource takes part in the run. */
  #included(state: ResourceState): boolean {
    const { targets, targetDependents } = this.#options;
    if (!targets.named || targets.has(state.urn)) return true;
    return targetDependents && [...needs(state)].some((urn) => targets.has(urn));
  }

  /** A resource that is not meant, with all it needs that was not registered: they keep their place in the state. */
  #keep(old: ResourceState, registration: Registration | undefined): readonly Step[] {
    const steps: Step[] = [];
    this.#seen.add(old.urn);
    this.#operated.add(old.urn);
    for (const urn of needs(old)) {
      const needed = this.#options.base.find(urn);
      if (needed !== undefined && !this.#isOperated(urn) && !this.#creates.has(urn))
        steps.push(...this.#keep(needed, undefined));
    }
    return [
      ...steps,
      { op: "same", urn: old.urn, old, next: old, untargeted: true, ...(registration && { registration }) },
    ];
  }

  #refuseUntargetedNeeds(steps: readonly Step[]): void {
    for (const { next, skippedCreate } of steps) {
      if (next === undefined || skippedCreate) continue;
      for (const urn of needs(next)) {
        if (!this.#skippedCreates.delete(urn)) continue;
        const text = `Resource '${next.urn}' depends on '${urn}' which was not specified in --target list.`;
        this.#options.events.message("error", text, next.urn);
        this.failed = true;
        if (!this.#options.preview) throw new Bail(text);
      }
    }
  }
}

const removal = (state: ResourceState, replaced: boolean): Step["op"] =>
  state.external ? (replaced ? "discard-replaced" : "discard") : replaced ? "delete-replaced" : "delete";

/** A diff in which what the program wants to replace for is a reason to replace. */
function applyReplaceOnChanges(diff: Diff, patterns: readonly string[], unhealthy: boolean): Diff {
  if (patterns.length === 0) return diff;
  const matches = (path: string) => patterns.some((pattern) => covers(pattern, path));
  const broken = unhealthy && matches("#initerror");
  if (!diff.changes && !broken) return diff;
  const detailed =
    diff.detailed &&
    Object.fromEntries(
      Object.entries(diff.detailed).map(([path, change]) => [
        path,
        matches(path) && !change.kind.endsWith("-replace")
          ? { ...change, kind: `${change.kind}-replace` as typeof change.kind }
          : change,
      ]),
    );
  const keys = [...diff.replaceKeys, ...diff.changedKeys.filter(matches), ...(broken ? ["#initerror"] : [])];
  return { ...diff, changes: true, replaceKeys: [...new Set(keys)], ...(detailed && { detailed }) };
}
