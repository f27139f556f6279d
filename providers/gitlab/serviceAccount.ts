import { GitLab } from "../../clients/gitlab/client";
import { type Owner, type OwnerKind, ownerTitle } from "../../clients/gitlab/owner";
import {
  createServiceAccount,
  deleteServiceAccount,
  listServiceAccounts,
  type ServiceAccount,
  type ServiceAccountDetails,
  updateServiceAccount,
} from "../../clients/gitlab/users/serviceAccounts";
import { userState } from "../../clients/gitlab/users/users";
import { ApiError, Forbidden, mayHaveHappened, NotFound, Refused, Unauthorized } from "../../clients/http";
import type { Before, Context, Properties, Resource } from "../host/provider";
import { unknown } from "../host/provider";
import { checkDeletion, type Deletion, waitUntilGone } from "./deletion";

/** What a service account is declared with. */
export interface ServiceAccountInputs extends ServiceAccountDetails, Deletion {
  readonly group?: string;
  readonly project?: string;
}

/** A service account as it is remembered. */
export interface ServiceAccountOutputs extends Required<ServiceAccountDetails>, Deletion {
  readonly group?: string;
  readonly project?: string;
  readonly serviceAccountId: string;
}

type State = Before<ServiceAccountInputs, ServiceAccountOutputs>;

/**
 * A service account of a group, of a project or of the instance. One of the declared user name that exists is taken over;
 * only what is declared and differs is written.
 */
export class ServiceAccountResource implements Resource<ServiceAccountInputs, ServiceAccountOutputs> {
  readonly #kind: OwnerKind;

  constructor(kind: OwnerKind) {
    this.#kind = kind;
  }

  check = (inputs: ServiceAccountInputs) => checkDeletion(inputs);

  /** Makes the account, or takes over the one that exists. */
  async create(inputs: ServiceAccountInputs, context: Context) {
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    const account = await this.#doing("Making", inputs, async () => {
      const found = await this.#find(gitlab, inputs);
      if (found === undefined) return this.#make(gitlab, inputs);
      await refuseDying(gitlab, found);
      return this.#bring(gitlab, inputs, found);
    });
    return { id: this.#idOf(inputs, account), outputs: this.#outputsOf(inputs, account) };
  }

  /** What exists is known before; an error would end the preview of all else. */
  async previewCreate(inputs: ServiceAccountInputs, context: Context): Promise<Properties> {
    const made = { name: unknown, username: unknown, email: unknown, ...inputs, serviceAccountId: unknown };
    const owner = this.#owner(inputs);
    if (Object.values(owner).some((part: unknown) => part === unknown)) return made;
    try {
      const found = await this.#find(GitLab.fromEnvironment().within(context.signal), inputs);
      return found === undefined ? made : { ...this.#outputsOf(inputs, { ...found, ...detailsOf(inputs) }) };
    } catch (error) {
      context.log.warn(`Looking for ${title(inputs, owner)}: ${error instanceof Error ? error.message : error}`);
      return made;
    }
  }

  /** Sends what changed. */
  async update(before: State, inputs: ServiceAccountInputs, context: Context): Promise<ServiceAccountOutputs> {
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    const { serviceAccountId, username, name, email } = before.outputs;
    const there = { id: Number(serviceAccountId), username, name, email };
    return this.#outputsOf(inputs, await this.#doing("Changing", inputs, () => this.#bring(gitlab, inputs, there)));
  }

  async read(before: Before<Partial<ServiceAccountInputs>, Partial<ServiceAccountOutputs>>, context: Context) {
    const { owner: path, accountId } = this.#partsOf(before.id);
    const inputs: ServiceAccountInputs = { ...(this.#kind === "instance" ? {} : { [this.#kind]: path }) };
    const isImport = Object.keys(before.outputs).length === 0;
    try {
      const accounts = await listServiceAccounts(GitLab.fromEnvironment().within(context.signal), this.#owner(inputs));
      const found = accounts.find(({ id }) => id === accountId);
      if (found === undefined) return undefined;
      const outputs = this.#outputsOf(inputs, found);
      const { serviceAccountId: _id, ...all } = { ...deletionOf(before.outputs), ...outputs };
      const declared = isImport ? Object.keys(all) : Object.keys(before.inputs);
      const now = Object.fromEntries(declared.map((property) => [property, Reflect.get(all, property)]));
      return { id: before.id, inputs: now, outputs: { ...deletionOf(before.outputs), ...outputs } };
    } catch (error) {
      const isUnseen = [NotFound, Forbidden, Unauthorized].some((kind) => error instanceof kind);
      if (isImport || !isUnseen) throw error;
      context.log.warn(
        `The service accounts of ${ownerTitle(this.#owner(inputs))} may not be seen with GITLAB_TOKEN. What is remembered of ${accountId} is kept.`,
      );
      return before as State;
    }
  }

  async delete(before: State, context: Context): Promise<void> {
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    await this.#doing("Deleting", before.inputs, async () => {
      const [owner, id] = [this.#owner(before.inputs), Number(before.outputs.serviceAccountId)];
      try {
        await deleteServiceAccount(gitlab, owner, id);
        await waitUntilGone(gitlab, id, before.outputs, context);
      } catch (error) {
        if (!(error instanceof NotFound)) throw error;
        // Not there, or not for us to see: only a list that does not have it tells that it is gone.
        const left = await listServiceAccounts(gitlab, owner).catch(() => undefined);
        if (left === undefined || left.some((account) => account.id === id)) throw error;
      }
    });
  }

  /** A user name is taken once: after a lost answer the account is there, or was not made. */
  async #make(gitlab: GitLab, inputs: ServiceAccountInputs): Promise<ServiceAccount> {
    try {
      return await createServiceAccount(gitlab, this.#owner(inputs), detailsOf(inputs));
    } catch (error) {
      if (!mayHaveHappened(error)) throw error;
      const made = await this.#find(gitlab, inputs);
      if (made === undefined) throw error;
      return this.#bring(gitlab, inputs, made);
    }
  }

  async #bring(gitlab: GitLab, inputs: ServiceAccountInputs, there: ServiceAccount): Promise<ServiceAccount> {
    const changes = Object.fromEntries(
      Object.entries(detailsOf(inputs)).filter(([property, value]) => Reflect.get(there, property) !== value),
    );
    if (Object.keys(changes).length === 0) return there;
    const send = () => updateServiceAccount(gitlab, this.#owner(inputs), there.id, changes);
    return send().catch((error: unknown) => {
      if (!mayHaveHappened(error)) throw error;
      return send();
    });
  }

  async #find(gitlab: GitLab, inputs: ServiceAccountInputs): Promise<ServiceAccount | undefined> {
    const name = inputs.username?.toLowerCase();
    if (name === undefined) return undefined;
    const accounts = await listServiceAccounts(gitlab, this.#owner(inputs));
    return accounts.find(({ username }) => username.toLowerCase() === name);
  }

  async #doing<T>(what: string, inputs: ServiceAccountInputs, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Error) || error.name === "AbortError") throw error;
      const told = `${what} ${title(inputs, this.#owner(inputs))}: ${error.message}`;
      throw new Error(error instanceof ApiError ? `${told}${remedy(error)}` : `${told}.`, { cause: error });
    }
  }

  #owner({ group, project }: ServiceAccountInputs): Owner {
    if (this.#kind === "instance") return { instance: true };
    return this.#kind === "group" ? { group: group ?? "" } : { project: project ?? "" };
  }

  #idOf({ group, project }: ServiceAccountInputs, { id }: ServiceAccount): string {
    return this.#kind === "instance" ? String(id) : `${group ?? project}:${id}`;
  }

  #partsOf(id: string): { owner: string; accountId: number } {
    const [, owner = "", accountId] = /^(?:(.+):)?(\d+)$/.exec(id) ?? [];
    if (accountId === undefined || (owner === "") !== (this.#kind === "instance"))
      throw new Error(
        `Reading "${id}": this is no id of a service account. Write ${this.#kind === "instance" ? '"301"' : `"${this.#kind}:301"`}.`,
      );
    return { owner, accountId: Number(accountId) };
  }

  #outputsOf(inputs: ServiceAccountInputs, account: ServiceAccount): ServiceAccountOutputs {
    const { group, project } = inputs;
    const { id, username, name, email } = account;
    const owner = { ...(group === undefined ? {} : { group }), ...(project === undefined ? {} : { project }) };
    return { ...owner, ...deletionOf(inputs), username, name, email, serviceAccountId: String(id) };
  }
}

function detailsOf({ username, name, email }: ServiceAccountInputs): ServiceAccountDetails {
  return {
    ...(username === undefined ? {} : { username }),
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
  };
}

function deletionOf({ skipWaitForDeletion, timeouts }: Deletion): Deletion {
  return {
    ...(skipWaitForDeletion === undefined ? {} : { skipWaitForDeletion }),
    ...(timeouts === undefined ? {} : { timeouts }),
  };
}

/** One that GitLab is deleting would be gone with the next token. */
async function refuseDying(gitlab: GitLab, { id, username }: ServiceAccount): Promise<void> {
  const state = await userState(gitlab, id);
  if (state === "active") return;
  throw new Error(
    `user ${id} ("${username}") is ${state ?? "gone"}: GitLab is deleting it, or somebody blocked it, so it is not taken over. Run again when it is gone, or have an administrator unblock it`,
  );
}

function title({ username }: ServiceAccountInputs, owner: Owner): string {
  return `the service account ${username === undefined ? "" : `"${username}" `}of ${ownerTitle(owner)}`;
}

function remedy(error: ApiError): string {
  if (error instanceof Refused && /taken/i.test(error.serverMessage ?? ""))
    return ". Another user has that name, or an account of another group or project: name the owner that made it, or take another name.";
  if (error instanceof Forbidden || error instanceof NotFound)
    return ". The user of GITLAB_TOKEN needs the scope api, and to be an owner of the group, a maintainer of the project, or an administrator for the instance's.";
  return ".";
}
