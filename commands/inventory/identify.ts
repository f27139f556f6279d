import type { GitLab } from "../../clients/gitlab/client";
import { ownToken } from "../../clients/gitlab/users/tokens";
import { Forbidden, Unauthorized } from "../../clients/http";

/** What GitLab says of a value: one object for each value, so that places with the same value hold the same one. */
export type Identity =
  /** It is that live token. */
  | { readonly kind: "token"; readonly id: number; readonly userId: number }
  /** It is a token that expired or was revoked; GitLab does not say which. */
  | { readonly kind: "dead" }
  /** GitLab knows no such token, or does not say which it is: a fine-grained one needs a permission for that. */
  | { readonly kind: "unknown" };

/** A token in a text. */
export interface Held {
  readonly identity: Identity;
  /** The text holds more than the token, such as an address with the token in it: that cannot be rotated as it is. */
  readonly embedded: boolean;
}

/**
 * Tells whose token a value is. GitLab shows no token's value, so a value that looks like one is presented to it, once, and
 * its answer tells the token's id. No value leaves this object.
 */
export class Identifier {
  readonly #answers = new Map<string, Promise<Identity>>();
  readonly #shape: RegExp;

  constructor(
    private readonly gitlab: GitLab,
    prefix: string,
  ) {
    this.#shape = new RegExp(`${prefix.replace(/[^\w-]/g, "\\$&")}[\\w.-]{20,}`);
  }

  /** The token that a text holds, if it looks as if it held one. */
  async held(text: string): Promise<Held | undefined> {
    const value = this.#shape.exec(text)?.[0];
    if (value === undefined) return undefined;
    const known = this.#answers.get(value) ?? this.#ask(value);
    this.#answers.set(value, known);
    return { identity: await known, embedded: text.trim() !== value };
  }

  async #ask(value: string): Promise<Identity> {
    try {
      const { id, userId } = await ownToken(this.gitlab.withToken(value));
      return { kind: "token", id, userId };
    } catch (error) {
      // It lives, and may not say who it is.
      if (error instanceof Forbidden && error.byPermissions) return { kind: "unknown" };
      if (error instanceof Unauthorized) return { kind: error.credentialDied ? "dead" : "unknown" };
      throw error;
    }
  }
}
