import type { GitLab } from "../client";

/** The id of the user of that name, if there is one that the client may see. */
export async function findUserId(gitlab: GitLab, username: string): Promise<number | undefined> {
  const users = await gitlab.list(
    "/users",
    (shape) => ({ id: shape.integer("id"), username: shape.text("username") }),
    { username },
  );
  return users.find((user) => user.username.toLowerCase() === username.toLowerCase())?.id;
}
