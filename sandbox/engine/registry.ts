import { randomUUID } from "node:crypto";
import type { Diff, Given, Made, Provider, Resource } from "./operations";
import { Plugin, type PluginOptions } from "./provider";
import type { ResourceState, Values } from "./state/deployment";
import type { ProviderPlugin } from "./state/project";
import { packageOf, splitReference } from "./urn";
import { equal, unknown } from "./values";

/** What a registry needs to start plugins. */
export interface RegistryOptions {
  readonly providers: readonly ProviderPlugin[];
  readonly plugin: Omit<PluginOptions, "name" | "path">;
}

const withoutInternal = ({ __internal, ...inputs }: Values): Values => inputs;

/**
 * The plugins of a run, by the reference of the provider resource that they stand behind. It is itself the provider of
 * those provider resources: creating one configures a plugin.
 */
export class Registry implements Provider {
  readonly #options: RegistryOptions;
  readonly #configured = new Map<string, Plugin>();
  /** Checked, and not configured yet; by URN. */
  readonly #checked = new Map<string, Plugin>();
  readonly #early = new Map<string, Promise<Plugin>>();
  readonly #all: Promise<Plugin>[] = [];
  #ensuring = new Map<string, Promise<Plugin>>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Starts the plugin of a package before it is asked for, which saves the time that it takes. */
  prepare(name: string): void {
    if (this.#early.has(name) || !this.#options.providers.some((provider) => provider.name === name)) return;
    const plugin = this.#start(name);
    plugin.catch(() => undefined);
    this.#early.set(name, plugin);
  }

  /** The plugin behind a provider resource of this run. */
  get(reference: string): Plugin | undefined {
    return this.#configured.get(reference);
  }

  /** The plugin behind a provider resource of this run or, if it took no part in it, of the state. */
  async ensure(reference: string, olds: (urn: string) => ResourceState | undefined): Promise<Plugin> {
    const { urn, id } = splitReference(reference);
    const found = this.#configured.get(reference);
    if (found !== undefined) return found;
    const state = olds(urn);
    if (state === undefined || state.id !== id)
      throw new Error(`The state names the provider "${reference}", which it does not hold.`);
    const loading = this.#ensuring.get(reference) ?? this.#load(state);
    this.#ensuring.set(reference, loading);
    return loading;
  }

  /** A provider resource that did not change: its plugin is configured as before. */
  async same(state: ResourceState): Promise<void> {
    const reference = `${state.urn}::${state.id}`;
    if (this.#configured.has(reference)) return;
    const plugin = this.#take(state.urn) ?? (await this.#begin(state.urn));
    await plugin.configure(state.urn, state.id ?? "", withoutInternal(state.inputs ?? {}));
    this.#configured.set(reference, plugin);
  }

  /** A provider resource is known under another URN as well. */
  alias(reference: string, other: string): void {
    const plugin = this.#configured.get(reference);
    if (plugin !== undefined) this.#configured.set(other, plugin);
  }

  async check(urn: string, olds: Values, news: Values): Promise<Given> {
    const plugin = await this.#begin(urn);
    const given = await plugin.checkConfig(urn, withoutInternal(olds), withoutInternal(news));
    if (given.failures.length > 0) return given;
    this.#checked.set(urn, plugin);
    const kept = Object.fromEntries(
      ["version", "__internal"].flatMap((key) => (key in news ? [[key, news[key]]] : [])),
    );
    return { ...given, inputs: { ...given.inputs, ...kept } as Values };
  }

  async diff(old: Resource, news: Values): Promise<Diff> {
    const plugin = this.#checked.get(old.urn) ?? this.#configured.get(`${old.urn}::${old.id}`);
    if (plugin === undefined) throw new Error(`The provider "${old.urn}" was not checked before it was compared.`);
    const diff = await plugin.diffConfig(old.urn, withoutInternal(old.inputs), old.outputs, withoutInternal(news));
    return { ...diff, changes: diff.changes ?? !equal(withoutInternal(old.inputs), withoutInternal(news)) };
  }

  async create(urn: string, inputs: Values, preview: boolean): Promise<Made> {
    const id = preview ? unknown : randomUUID();
    await this.#configure(urn, id, inputs);
    return { id, inputs, outputs: withoutInternal(inputs) };
  }

  async update(old: Resource, news: Values): Promise<Made> {
    await this.#configure(old.urn, old.id, news);
    return { id: old.id, inputs: news, outputs: withoutInternal(news) };
  }

  async read(old: Resource): Promise<Made> {
    return old;
  }

  async delete(): Promise<void> {}

  /** Asks every plugin to give up what it is doing. */
  async cancel(): Promise<void> {
    await Promise.allSettled(this.#all.map(async (plugin) => (await plugin).cancel()));
  }

  /** Ends every plugin. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#all.map(async (plugin) => (await plugin).close()));
  }

  #take(urn: string): Plugin | undefined {
    const plugin = this.#checked.get(urn);
    this.#checked.delete(urn);
    return plugin;
  }

  async #configure(urn: string, id: string, inputs: Values): Promise<void> {
    const plugin = this.#take(urn) ?? (await this.#begin(urn));
    await plugin.configure(urn, id, withoutInternal(inputs));
    this.#configured.set(`${urn}::${id}`, plugin);
  }

  async #load(state: ResourceState): Promise<Plugin> {
    const plugin = await this.#begin(state.urn);
    await plugin.configure(state.urn, state.id ?? "", withoutInternal(state.inputs ?? {}));
    this.#configured.set(`${state.urn}::${state.id}`, plugin);
    return plugin;
  }

  #begin(urn: string): Promise<Plugin> {
    const name = packageOf(urn.split("::")[2]?.split("$").at(-1) ?? "");
    const early = this.#early.get(name);
    this.#early.delete(name);
    return early ?? this.#start(name);
  }

  async #start(name: string): Promise<Plugin> {
    const found = this.#options.providers.find((provider) => provider.name === name);
    if (found === undefined) throw new Error(missing(name));
    const plugin = Plugin.start({ ...this.#options.plugin, ...found });
    this.#all.push(plugin);
    return plugin;
  }
}

const missing = (name: string): string =>
  name === "pulumi"
    ? `This engine has no "pulumi" provider: stack references and the like need the Pulumi CLI.`
    : `There is no provider for the package "${name}": Pulumi.yaml names none under plugins.providers, and this engine downloads none. Add one with its path, or run with the Pulumi CLI.`;
