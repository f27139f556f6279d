import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Diff, Made } from "../../../workshop/engine/answers";
import { Deployment } from "../../../workshop/engine/planning/deployment";
import type { Goal } from "../../../workshop/engine/planning/goal";
import type { Registered } from "../../../workshop/engine/planning/steps";
import { type Plugin, Plugins, type Provider } from "../../../workshop/engine/plugin";
import type { Run } from "../../../workshop/engine/run";
import { Backend } from "../../../workshop/engine/state/backend";
import type { ResourceState, Values } from "../../../workshop/engine/state/deployment";
import { Crypter } from "../../../workshop/engine/state/secrets";
import type { Report } from "../../../workshop/engine/telling/report";
import type { Step, StepEvent } from "../../../workshop/engine/telling/step";
import { isProviderType, makeUrn, nameOf } from "../../../workshop/engine/urn";

const thing = "fixture:index:Thing";
const provider = "pulumi:providers:fixture";
const root = "urn:pulumi:dev::trial::pulumi:pulumi:Stack::trial-dev";

/** The URN of a thing below the stack. */
export const urnOf = (name: string): string => `urn:pulumi:dev::trial::${thing}::${name}`;

/** What a program of these tests may do. */
export interface Script {
  /** Registers a thing; inputs that begin with `fixed` replace it when they change. */
  thing(name: string, inputs?: Values, options?: Partial<Goal>): Promise<Registered>;
  component(name: string, options?: Partial<Goal>): Promise<Registered>;
}

/** How a run of these tests ended. */
export interface Ended {
  readonly failed: boolean;
  /** Steps that ended well, without those that changed nothing, and without the stack and the provider. */
  readonly steps: readonly string[];
  /** Calls of the provider that write. */
  readonly calls: readonly string[];
  readonly messages: readonly string[];
}

let crypter: Crypter | undefined;

/** A stack in a folder and a provider in this process: runs without programs and plugins. */
export class Rig implements Provider {
  readonly #folder = mkdtempSync(join(tmpdir(), "engine-"));
  readonly #backend = new Backend({ PULUMI_BACKEND_URL: `file://${this.#folder}` }, "trial", "dev");
  readonly #calls: string[] = [];
  #next = 1;
  /** By `<operation> <name>`: what to fail with. */
  faults: Record<string, Error | Made> = {};
  /** What exists, by id. */
  readonly world = new Map<string, Values>();

  /** A rig with an empty stack. */
  static async set(): Promise<Rig> {
    const rig = new Rig();
    crypter ??= new Crypter("rig");
    await rig.#backend.create(crypter);
    return rig;
  }

  /** Takes the rig down. */
  strike(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The things in the state, as `<name>=<id>`; with `!` those that wait to be deleted, with `?` those half replaced. */
  async stored(): Promise<readonly string[]> {
    const resources = await this.resources();
    return resources
      .filter(({ type }) => type === thing)
      .map(
        (found) => `${nameOf(found.urn)}=${found.id}${found.delete ? "!" : ""}${found.pendingReplacement ? "?" : ""}`,
      );
  }

  /** The whole state. */
  async resources(): Promise<readonly ResourceState[]> {
    return (await this.#backend.read(crypter as Crypter)).before.resources;
  }

  /** Runs a program that is given as a function. */
  async run(script: (script: Script) => Promise<unknown>, options: Partial<Run> = {}): Promise<Ended> {
    const key = crypter as Crypter;
    const session = options.preview ? undefined : await this.#backend.open(key);
    const steps: string[] = [];
    const messages: string[] = [];
    const shown = ({ urn, op }: Step) => op !== "same" && urn !== root && !isProviderType(urn.split("::")[2] ?? "");
    const report: Pick<Report, "step" | "message"> = {
      step: (at: StepEvent["at"], step: Step) =>
        void (at === "end" && shown(step) && steps.push(`${step.op} ${nameOf(step.urn)}`)),
      message: (severity, text) => void messages.push(`${severity}: ${text}`),
    };
    const run = {
      ...{ stack: "dev", project: { name: "trial" }, kind: "update", preview: false, parallel: 8 },
      ...{ flags: {}, report },
      ...options,
    } as unknown as Run;
    const plugins = new Plugins(run, "");
    plugins.get = () => Promise.resolve(this as unknown as Plugin);
    const { resources } = (session ?? (await this.#backend.read(key))).before;
    const deployment = new Deployment(run, plugins, resources, session);
    const ended = Promise.race([this.#play(deployment, script), deployment.stopped]);
    await ended.catch(() => deployment.fail());
    await deployment.finish();
    await deployment.close();
    await session?.close();
    return { failed: deployment.failed, steps, messages, calls: this.#calls.splice(0) };
  }

  async #play(deployment: Deployment, script: (script: Script) => Promise<unknown>): Promise<void> {
    const register = async (goal: Goal) => {
      const registered = await deployment.register(goal);
      if (registered.result !== "success") throw new Error(`${nameOf(goal.urn)} ${registered.result}`);
      return registered;
    };
    await register({ urn: root, type: "pulumi:pulumi:Stack", custom: false });
    const { state } = await register({
      urn: "urn:pulumi:dev::trial::pulumi:providers:fixture::default",
      type: provider,
      custom: true,
    });
    const below = (type: string, name: string, options: Partial<Goal>) => {
      return { urn: makeUrn("dev", "trial", options.parent ?? root, type, name), type, parent: root, ...options };
    };
    const reference = `${state.urn}::${state.id}`;
    await script({
      thing: (name, inputs = {}, options = {}) =>
        register({ ...below(thing, name, options), custom: true, provider: reference, inputs }),
      component: (name, options = {}) => register({ ...below("fixture:index:Box", name, options), custom: false }),
    });
  }

  #fail(operation: string, urn: string): Made | undefined {
    const fault = this.faults[`${operation} ${nameOf(urn)}`];
    if (fault instanceof Error) throw fault;
    return fault;
  }

  async check({ inputs = {} }: ResourceState) {
    if (inputs.value === "invalid") throw new AggregateError(["value: it is invalid"]);
    return inputs;
  }

  async diff(old: ResourceState, { inputs: news = {} }: ResourceState): Promise<Diff> {
    this.#fail("diff", old.urn);
    const { inputs = {} } = old;
    const keys = [...new Set([...Object.keys(inputs), ...Object.keys(news)])];
    const changedKeys = keys.filter((key) => !isDeepStrictEqual(inputs[key], news[key]));
    const replaceKeys = changedKeys.filter((key) => key.startsWith("fixed"));
    return {
      changes: changedKeys.length > 0,
      changedKeys,
      replaceKeys,
      deleteBeforeReplace: news.deleteFirst === true,
    };
  }

  async create({ urn, inputs = {} }: ResourceState, preview: boolean): Promise<Made> {
    if (preview) return { id: "", inputs, outputs: inputs };
    this.#calls.push(`create ${nameOf(urn)}`);
    const id = `${this.#next++}`;
    const half = this.#fail("create", urn);
    this.world.set(id, inputs);
    return half ?? { id, inputs, outputs: { ...inputs, serial: id } };
  }

  async update({ urn, id = "" }: ResourceState, { inputs = {} }: ResourceState, preview: boolean): Promise<Made> {
    if (!preview) this.#calls.push(`update ${nameOf(urn)}`);
    const half = this.#fail("update", urn);
    if (!preview) this.world.set(id, inputs);
    return half ?? { id, inputs, outputs: { ...inputs, serial: id } };
  }

  async read({ urn, id = "" }: ResourceState): Promise<Made | undefined> {
    this.#fail("read", urn);
    const inputs = this.world.get(id);
    return inputs && { id, inputs, outputs: { ...inputs, serial: id } };
  }

  async delete({ urn, id = "" }: ResourceState): Promise<void> {
    this.#calls.push(`delete ${nameOf(urn)}`);
    this.#fail("delete", urn);
    this.world.delete(id);
  }

  /** A fault that leaves something behind. */
  static half(id: string, outputs: Values): Made {
    return { id, outputs, initErrors: ["half made"] };
  }
}
