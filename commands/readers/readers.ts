import { isDenied, isTrouble, messageOf } from "../../clients/faults";
import type { GitLab } from "../../clients/gitlab/client";
import { type Owner, ownerOf, ownerTitle } from "../../clients/gitlab/owner";
import { getVariable } from "../../clients/gitlab/projects/variables";
import { type Access, accessLevels, listAccess, roleName } from "../../clients/gitlab/users/access";
import { getUser } from "../../clients/gitlab/users/users";
import { MissingCredential, StrangeAnswer } from "../../clients/http";
import { findField, findItem } from "../../clients/onepassword/lookup";
import type { Vaults } from "../../clients/onepassword/vaults";
import { isAccessToken } from "../../rotation/declaration/accessToken";
import type { AccountDeclaration, ItemDeclaration, VariableDeclaration } from "../../rotation/declaration/declaration";
import { itemText, ownerText, variableText } from "../../rotation/declaration/places";
import { rightsText } from "../../rotation/permissions/permissions";
import { each } from "../command";

/** Somebody who can get at a token. */
export interface Reader {
  readonly username: string;
  readonly name: string;
  /** A service account, or the bot of an access token, is no person. */
  readonly kind: "person" | "service account" | "not told";
  readonly role: string;
  /** The day on which the membership ends. */
  readonly until?: string;
}

/** A place that holds a token, or where one can be had. */
export interface ReadablePlace {
  readonly place: string;
  /** What they can do there. */
  readonly can: string;
  /** What is known of the place itself, such as `masked, protected`. */
  readonly attributes: readonly string[];
  readonly readers: readonly Reader[];
  /** Whether the server named them: it refuses us that; it gave no answer. Absent where it did, or names nobody by nature. */
  readonly unnamed?: "refused" | "not told";
  /** What the servers do not tell of it, or not us; sentences. */
  readonly untold: readonly string[];
}

/** Looks up who can get at an account's token. One list of members for each group and project, one look at each user. */
export class Readers {
  readonly #members = new Map<string, Promise<Access[]>>();
  readonly #kinds = new Map<number, Promise<Reader["kind"]>>();

  constructor(
    private readonly gitlab: GitLab,
    private readonly vaults: Vaults,
  ) {}

  /** Every place of the account, the account itself first. */
  async placesOf(account: AccountDeclaration): Promise<ReadablePlace[]> {
    return [
      await this.#account(account),
      ...(await each(account.onePassword, (item) => this.#item(item))),
      ...(await each(account.variables, (variable) => this.#variable(variable))),
      ...account.external.map(({ name, owner }) => ({
        place: name,
        can: "read it",
        attributes: [],
        readers: [],
        untold: [`It is updated by ${owner}, who knows who else can read it.`],
      })),
    ];
  }

  async #account({ account, token }: AccountDeclaration): Promise<ReadablePlace> {
    const attributes = token.permissions === undefined ? [] : [`its tokens are ${rightsText(token)}`];
    if (account.self === true) {
      const untold = [
        "It is a plain user's: whoever can log in as that user can make a token, and an administrator can.",
        ...(account.mints === true
          ? [
              "Who can read one of its tokens can make others with it, which may do no more, and revoke those that live.",
            ]
          : []),
      ];
      const place = `user ${account.username}`;
      return { place, can: "make a token of their own for it", attributes, readers: [], untold };
    }
    const owner = ownerOf(account);
    const least = owner.group === undefined ? accessLevels.maintainer : accessLevels.owner;
    return {
      place: `${isAccessToken(account) ? "the access tokens" : `account ${account.username}`} of ${ownerText(account)}`,
      can: "make a token of their own for it",
      attributes,
      ...(await this.#able(owner, least)),
    };
  }

  async #variable(variable: VariableDeclaration): Promise<ReadablePlace> {
    const owner = ownerOf(variable);
    const least = owner.group === undefined ? accessLevels.maintainer : accessLevels.owner;
    const [found, members] = await Promise.all([this.#attributes(owner, variable), this.#able(owner, least)]);
    return {
      place: variableText(variable),
      can: found.hidden ? "change it, and read it in a job" : "read and change it",
      attributes: found.attributes,
      readers: members.readers,
      ...(members.unnamed === undefined ? {} : { unnamed: members.unnamed }),
      untold: [...members.untold, ...found.untold, throughJobs(owner, found.protected)],
    };
  }

  async #attributes(owner: Owner, { key, environmentScope }: VariableDeclaration) {
    try {
      // The value that comes with it is not looked at.
      const { hidden, masked, ...found } = await getVariable(this.gitlab, owner, key, environmentScope);
      const flags = { hidden, masked: masked && !hidden, protected: found.protected, unprotected: !found.protected };
      const attributes = Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [name] : []));
      return { hidden, protected: found.protected, attributes, untold: [] };
    } catch (error) {
      if (!isDenied(error) && !isTrouble(error) && !(error instanceof StrangeAnswer)) throw error;
      return {
        hidden: false,
        protected: false,
        attributes: [],
        untold: [`It cannot be looked at: ${messageOf(error)}.`],
      };
    }
  }

  async #item(item: ItemDeclaration): Promise<ReadablePlace> {
    const place = { place: itemText(item), can: "read it", readers: [] };
    const name = item.vault.includes(" ") ? `"${item.vault}"` : item.vault;
    const ask = `1Password tells no server who may open a vault. Ask its owner, or a member who has the CLI: op vault user list ${name}, op vault group list ${name}.`;
    try {
      const vault = await this.vaults.findVault(item.vault);
      const found = await this.#found(item);
      return { ...place, attributes: [`vault ${vault.id}`, ...found], untold: [ask] };
    } catch (error) {
      // Without access nothing but the question to its owner is left.
      if (!(error instanceof Error)) throw error;
      const isUnset = error instanceof MissingCredential;
      return {
        ...place,
        attributes: [],
        untold: [isUnset ? `It was not looked at: ${messageOf(error)}.` : `${messageOf(error)}.`, ask],
      };
    }
  }

  async #found({ vault: name, item, field, section }: ItemDeclaration): Promise<string[]> {
    if (item === undefined) return [];
    const vault = await this.vaults.findVault(name);
    const found = await findItem(this.vaults, vault, item);
    return findField(found, field, section) === undefined ? [`no field "${field}"`] : [`item ${found.id}`];
  }

  async #able(owner: Owner, least: number): Promise<Pick<ReadablePlace, "readers" | "untold" | "unnamed">> {
    const administrators = "Administrators of a GitLab that you run yourself can, too.";
    if (owner.group === undefined && owner.project === undefined)
      return { readers: [], untold: ["Administrators alone; GitLab lists them in its admin area."] };
    try {
      const members = await this.#list(owner);
      const able = members.filter(({ level, active }) => level >= least && active);
      const sorted = able.sort((a, b) => b.level - a.level || (a.username < b.username ? -1 : 1));
      return { readers: await each(sorted, (member) => this.#reader(member)), untold: [administrators] };
    } catch (error) {
      if (!isDenied(error) && !isTrouble(error) && !(error instanceof StrangeAnswer)) throw error;
      return {
        readers: [],
        unnamed: isDenied(error) ? "refused" : "not told",
        untold: [`The members of ${ownerTitle(owner)} are not told: ${messageOf(error)}.`, administrators],
      };
    }
  }

  #list(owner: Exclude<Owner, { instance: true }>): Promise<Access[]> {
    const title = ownerTitle(owner);
    const list = this.#members.get(title) ?? listAccess(this.gitlab, owner);
    this.#members.set(title, list);
    return list;
  }

  async #reader({ userId, username, name, level, expiresAt }: Access): Promise<Reader> {
    const kind = this.#kinds.get(userId) ?? this.#kind(userId);
    this.#kinds.set(userId, kind);
    return {
      username,
      name,
      kind: await kind,
      role: roleName(level),
      ...(expiresAt === undefined ? {} : { until: expiresAt }),
    };
  }

  async #kind(userId: number): Promise<Reader["kind"]> {
    try {
      return (await getUser(this.gitlab, userId)).bot ? "service account" : "person";
    } catch (error) {
      if (!isDenied(error)) throw error;
      return "not told";
    }
  }
}

function throughJobs(owner: Owner, isProtected: boolean): string {
  const refs = isProtected ? "a protected branch or tag" : "any branch";
  const where = owner.project === undefined ? "a project below" : "the project";
  return `Whoever may change a job of ${where} and run it on ${refs} can print it (Developers by default, on protected branches Maintainers).`;
}
