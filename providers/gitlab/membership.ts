import { GitLab } from "../../clients/gitlab/client";
import { type OwnerProperty, ownerTitle } from "../../clients/gitlab/owner";
import { type AccessLevel, accessLevels, allMembersOf, type Namespace } from "../../clients/gitlab/users/access";
import { addMember, findMember, type Member, removeMember, updateMember } from "../../clients/gitlab/users/members";
import { isVisible } from "../../clients/gitlab/users/visibility";
import { ApiError, Conflict, Forbidden, mayHaveHappened, NotFound, Unauthorized } from "../../clients/http";
import type { Before, CheckFailure, Context, Properties, Resource } from "../host/provider";

/** What a membership is declared with. */
export interface MembershipInputs {
  readonly groupId?: number;
  readonly project?: string;
  readonly userId: number;
  readonly accessLevel: AccessLevel;
  readonly expiresAt?: string;
}

type State = Before<MembershipInputs, MembershipInputs>;

/** A user's membership of a group or of a project. One that exists is taken over, with the declared access level. */
export class MembershipResource implements Resource<MembershipInputs, MembershipInputs> {
  readonly #kind: OwnerProperty;

  constructor(kind: OwnerProperty) {
    this.#kind = kind;
  }

  check({ accessLevel }: Properties): readonly CheckFailure[] {
    if (typeof accessLevel !== "string" || accessLevel in accessLevels) return [];
    const known = Object.keys(accessLevels).join(", ");
    return [{ property: "accessLevel", reason: `"${accessLevel}" is no access level: write one of ${known}.` }];
  }

  /** Makes the user a member, or takes over the membership that exists. */
  async create(inputs: MembershipInputs, context: Context) {
    await this.#ensure(inputs, context);
    return { id: this.#idOf(inputs), outputs: outputsOf(inputs) };
  }

  async previewCreate(inputs: MembershipInputs): Promise<Properties> {
    return { ...outputsOf(inputs) };
  }

  async update(_before: State, inputs: MembershipInputs, context: Context): Promise<MembershipInputs> {
    await this.#ensure(inputs, context);
    return outputsOf(inputs);
  }

  async read(before: Before<Partial<MembershipInputs>, Partial<MembershipInputs>>, context: Context) {
    const parts = this.#partsOf(before.id);
    const of = this.#of(parts);
    const imported = Object.keys(before.outputs).length === 0;
    const found = await look(of, parts.userId, context).catch((error: unknown) => {
      if (imported || !(error instanceof Forbidden || error instanceof Unauthorized)) throw error;
      return "unseen" as const;
    });
    if (found === "gone") return undefined;
    if (found === "unseen") {
      if (imported)
        throw new Error(
          `Importing "${before.id}": the members of ${ownerTitle(of)} cannot be seen. Check its path or number, and that the user of GITLAB_TOKEN is a member of it.`,
        );
      context.log.warn(
        `The membership of user ${parts.userId} in ${ownerTitle(of)} may not be seen with GITLAB_TOKEN. What is remembered of it is kept.`,
      );
      return before as State;
    }
    const now = {
      ...parts,
      accessLevel: levelName(found.level),
      ...(found.expiresAt === undefined ? {} : { expiresAt: found.expiresAt }),
    };
    return { id: before.id, inputs: now, outputs: outputsOf(now) };
  }

  async delete({ inputs }: State, context: Context): Promise<void> {
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    const of = this.#of(inputs);
    try {
      await removeMember(gitlab, of, inputs.userId);
    } catch (error) {
      if (error instanceof NotFound && (await isVisible(gitlab, allMembersOf(of)))) return;
      throw this.#failed(`Ending the membership of user ${inputs.userId} in`, of, error);
    }
  }

  async #ensure(inputs: MembershipInputs, context: Context): Promise<void> {
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    const of = this.#of(inputs);
    const { userId } = inputs;
    const bring = async (): Promise<Member> => {
      const found = await findMember(gitlab, of, userId);
      if (found === undefined) return addMember(gitlab, of, userId, inputs);
      const isRight =
        found.level === accessLevels[inputs.accessLevel] && (found.expiresAt ?? "") === (inputs.expiresAt ?? "");
      return isRight ? found : updateMember(gitlab, of, userId, inputs);
    };
    try {
      // After a lost answer, or when somebody else was quicker, it is there.
      await bring().catch((error: unknown) => {
        if (!mayHaveHappened(error) && !(error instanceof Conflict)) throw error;
        return bring();
      });
    } catch (error) {
      throw this.#failed(`Making user ${userId} a member of`, of, error);
    }
  }

  #failed(doing: string, of: Namespace, error: unknown): unknown {
    if (!(error instanceof ApiError)) return error;
    const right = this.#kind === "group" ? "an owner of the group" : "a maintainer of the project";
    const remedy =
      error instanceof Forbidden || error instanceof NotFound
        ? `. The user of GITLAB_TOKEN needs the scope api, and to be ${right}.`
        : ".";
    return new Error(`${doing} ${ownerTitle(of)}: ${error.message}${remedy}`, { cause: error });
  }

  #of({ groupId, project }: Pick<MembershipInputs, "groupId" | "project">): Namespace {
    return this.#kind === "group" ? { group: String(groupId ?? "") } : { project: project ?? "" };
  }

  #idOf({ groupId, project, userId }: MembershipInputs): string {
    return `${this.#kind === "group" ? groupId : project}:${userId}`;
  }

  #partsOf(id: string): Pick<MembershipInputs, "groupId" | "project" | "userId"> {
    const [, owner, userId] = /^(.+):(\d+)$/.exec(id) ?? [];
    if (owner === undefined || userId === undefined)
      throw new Error(`Reading "${id}": this is no id of a membership. Write "${this.#kind}:user", by their numbers.`);
    return {
      ...(this.#kind === "group" ? { groupId: Number(owner) } : { project: owner }),
      userId: Number(userId),
    };
  }
}

/** A 404 alone may mean "may not see". */
async function look(of: Namespace, userId: number, context: Context): Promise<Member | "gone" | "unseen"> {
  const gitlab = GitLab.fromEnvironment().within(context.signal);
  const found = await findMember(gitlab, of, userId);
  return found ?? ((await isVisible(gitlab, allMembersOf(of))) ? "gone" : "unseen");
}

function outputsOf(inputs: MembershipInputs): MembershipInputs {
  return { ...inputs, expiresAt: inputs.expiresAt ?? "" };
}

/** A level between two names is that of a custom role: the lower one is its base. */
function levelName(level: number): AccessLevel {
  const names = Object.entries(accessLevels).filter(([, number]) => number <= level);
  return (names.at(-1)?.[0] ?? "minimal") as AccessLevel;
}
