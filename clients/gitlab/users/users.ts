import { NotFound } from "../../http";
import type { GitLab } from "../client";
import type { Shape } from "../shape";

/** The id of the user of that name, if there is one that the client may see. */
export async function findUserId(gitlab: GitLab, username: string): Promise<number | undefined> {
  const users = await gitlab.list(
    "/users",
    (shape) => ({ id: shape.integer("id"), username: shape.text("username") }),
    { username },
  );
  return users.find((user) => user.username.toLowerCase() === username.toLowerCase())?.id;
}

/** A user. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  /** No person: a service account, or the bot of a project's or group's access token. */
  readonly bot: boolean;
  /** Shown to an administrator about itself. */
  readonly administrator: boolean;
}

/** The user that the client acts as. */
export function ownUser(gitlab: GitLab): Promise<User> {
  return gitlab.get("/user", user);
}

/** One user. */
export function getUser(gitlab: GitLab, id: number): Promise<User> {
  return gitlab.get(`/users/${id}`, user);
}

/** How GitLab has a user, such as `active`; one that it is deleting is `blocked`. Nothing when there is no such user. */
export async function userState(gitlab: GitLab, id: number): Promise<string | undefined> {
  try {
    return await gitlab.get(`/users/${id}`, (shape) => shape.text("state"));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

function user(shape: Shape): User {
  return {
    id: shape.integer("id"),
    username: shape.text("username"),
    name: shape.text("name"),
    bot: shape.flag("bot"),
    administrator: shape.flag("is_admin"),
  };
}
