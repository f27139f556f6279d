import { randomUUID } from "node:crypto";
import type { Diff, Given, Made, Provider, Resource } from "./operations";
import { Plugin, type PluginOptions } from "./provider";
import type { ResourceState, Values } from "./state/deployment";
import type { ProviderPlugin } from "./state/project";
import { packageOf, splitReference, typeOf } from "./urn";
import { equal, known, unknown } from "./values";

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
  readonly #configured = new Map<string, Promise<Plugin>>();
  /** Started, and not configured yet; by package. */
  readonly #started = new Map<string, Promise<Plugin>>();
  readonly #all: Promise<Plugin>[] = [];

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Starts the plugin of a package before it is asked for, which saves the time that it takes. */
  prepare(name: string): void {
    if (this.#options.providers.some((provider) => provider.name === name)) this.#start(name).catch(() => undefined);
  }

  /** The plugin behind a provider resource of this run or, if it took no part in it, of the state. */
  async ensure(reference: string, olds: (urn: string) => ResourceState | undefined): Promise<Plugin> {
    const found = this.#configured.get(reference);
    if (found !== undefined) return found;
    const { urn, id } = splitReference(reference);
    const state = olds(urn);
    if (state?.id !== id) throw new Error(`unknown provider '${reference}'`);
    return this.same(state);
  }

  /** A provider resource that did not change: its plugin is configured as before. */
  same({ urn, id = "", inputs = {} }: ResourceState): Promise<Plugin> {
    return this.#configured.get(`${urn}::${id}`) ?? this.#configure(urn, id, inputs);
  }

  async check(urn: string, olds: Values, news: Values): Promise<Given> {
    const plugin = await this.#start(packageOf(typeOf(urn)));
    const { inputs, failures } = await plugin.checkConfig(urn, withoutInternal(olds), withoutInternal(news));
    return { failures, inputs: { ...inputs, ...known({ version: news.version, __internal: news.__internal }) } };
  }

  async diff(old: Resource, news: Values): Promise<Diff> {
    const changes = !equal(withoutInternal(old.inputs), withoutInternal(news));
    return { changes, replaceKeys: [], changedKeys: [], deleteBeforeReplace: false };
  }

  async create(urn: string, inputs: Values, preview: boolean): Promise<Made> {
    const id = preview ? unknown : randomUUID();
    await this.#configure(urn, id, inputs);
    return { id, inputs, outputs: withoutInternal(inputs) };
  }

  async update({ urn, id }: Resource, news: Values): Promise<Made> {
    await this.#configure(urn, id, news);
    return { id, inputs: news, outputs: withoutInternal(news) };
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

  #configure(urn: string, id: string, inputs: Values): Promise<Plugin> {
    const name = packageOf(typeOf(urn));
    const started = this.#start(name);
    this.#started.delete(name);
    const configured = started.then(async (plugin) => {
      await plugin.configure(urn, id, withoutInternal(inputs));
      return plugin;
    });
    this.#configured.set(`${urn}::${id}`, configured);
    return configured;
  }

  #start(name: string): Promise<Plugin> {
    const early = this.#started.get(name);
    if (early !== undefined) return early;
    const found = this.#options.providers.find((provider) => provider.name === name);
    if (found === undefined) return Promise.reject(new Error(missing(name)));
    const plugin = Plugin.start({ ...this.#options.plugin, ...found });
    this.#started.set(name, plugin);
    this.#all.push(plugin);
    return plugin;
  }
}

const missing = (name: string): string =>
  name === "pulumi"
    ? `This engine has no "pulumi" provider: stack references and the like need the Pulumi CLI.`
    : `There is no provider for the package "${name}": Pulumi.yaml names none under plugins.providers, and this engine downloads none. Add one with its path, or run with the Pulumi CLI.`;
