import { isDenied, isTrouble, messageOf } from "../../clients/faults";
import type { GitLab } from "../../clients/gitlab/client";
import { type Owner, ownerOf, ownerTitle } from "../../clients/gitlab/owner";
import { type Access, accessLevels, listAccess, roleName } from "../../clients/gitlab/users/access";
import { getUser } from "../../clients/gitlab/users/users";
import { StrangeAnswer } from "../../clients/http";
import type { Servers } from "../../clients/servers";
import type { Members, ReadablePlace, Reader } from "../../places/readers";
import { readersOf } from "../../places/served";
import { isAccessToken } from "../../rotation/declaration/accessToken";
import type { AccountDeclaration } from "../../rotation/declaration/declaration";
import { ownerText } from "../../rotation/declaration/places";
import { rightsText } from "../../rotation/permissions/permissions";
import { each } from "../command";

/** Looks up who can get at an account's token. One list of members for each group and project, one look at each user. */
export class Readers implements Members {
  readonly #members = new Map<string, Promise<Access[]>>();
  readonly #kinds = new Map<number, Promise<Reader["kind"]>>();

  constructor(
    private readonly gitlab: GitLab,
    private readonly at: Servers,
  ) {}

  /** Every place of the account, the account itself first. */
  async placesOf(account: AccountDeclaration): Promise<ReadablePlace[]> {
    return [
      await this.#account(account),
      ...(await each(readersOf(account, this.at, this), (look) => look())),
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
      ...(await this.able(owner, least)),
    };
  }

  /** Those of a group or project whose role there is at least this. */
  async able(owner: Owner, least: number): Promise<Pick<ReadablePlace, "readers" | "untold" | "unnamed">> {
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
