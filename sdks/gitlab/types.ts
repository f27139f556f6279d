// Generated from providers/gitlab/schema.json by `npm run sdks`: change that file instead.
import type * as pulumi from "@pulumi/pulumi";

/** How long to wait. */
export interface GroupServiceAccountTimeouts {
  /** How long to wait until the account is gone, as in `30s` or `2h45m`. Not set: 10 minutes. */
  readonly delete?: string;
}

/** How long to wait. */
export interface GroupServiceAccountTimeoutsArgs {
  /** How long to wait until the account is gone, as in `30s` or `2h45m`. Not set: 10 minutes. */
  readonly delete?: pulumi.Input<string | undefined>;
}

/** How long to wait. */
export interface ProjectServiceAccountTimeouts {
  /** How long to wait until the account is gone, as in `30s` or `2h45m`. Not set: 10 minutes. */
  readonly delete?: string;
}

/** How long to wait. */
export interface ProjectServiceAccountTimeoutsArgs {
  /** How long to wait until the account is gone, as in `30s` or `2h45m`. Not set: 10 minutes. */
  readonly delete?: pulumi.Input<string | undefined>;
}

/** How long to wait. */
export interface InstanceServiceAccountTimeouts {
  /** How long to wait until the account is gone, as in `30s` or `2h45m`. Not set: 10 minutes. */
  readonly delete?: string;
}

/** How long to wait. */
export interface InstanceServiceAccountTimeoutsArgs {
  /** How long to wait until the account is gone, as in `30s` or `2h45m`. Not set: 10 minutes. */
  readonly delete?: pulumi.Input<string | undefined>;
}
