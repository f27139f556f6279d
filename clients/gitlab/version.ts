import type { GitLab } from "./client";

/** What a GitLab says of itself. */
export interface Version {
  /** Such as `18.11.0-ee`. */
  readonly version: string;
  /** Enterprise Edition; Community Edition otherwise. The tier is not told. */
  readonly enterprise: boolean;
}

/** The instance's version. */
export function getVersion(gitlab: GitLab): Promise<Version> {
  return gitlab.get("/metadata", (shape) => ({
    version: shape.text("version"),
    enterprise: shape.flag("enterprise"),
  }));
}

/** Whether a version is that of a release or later. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [, foundMajor = "0", foundMinor = "0"] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(foundMajor) > major || (Number(foundMajor) === major && Number(foundMinor) >= minor);
}
