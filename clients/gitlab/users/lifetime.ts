import { NotFound } from "../../http";
import type { GitLab } from "../client";

/**
 * The most days that a token may live, as the instance was set; undefined where nobody set any: then GitLab's own limit holds
 * (365, or 400 with a feature flag that nobody is told of). Only an administrator may ask.
 */
export function lifetimeSetting(gitlab: GitLab): Promise<number | undefined> {
  return gitlab.get("/application/settings", (shape) => shape.optionalInteger("max_personal_access_token_lifetime"));
}

/**
 * Whether the instance holds to that setting: with a license for Ultimate alone, while others show it and do not. Undefined
 * where that cannot be told. Only an administrator may ask.
 */
export async function holdsToLifetime(gitlab: GitLab): Promise<boolean | undefined> {
  try {
    return await gitlab.get("/license", (shape) => {
      if (shape.optionalText("plan") !== "ultimate") return false;
      return shape.flag("expired") ? undefined : true;
    });
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}
