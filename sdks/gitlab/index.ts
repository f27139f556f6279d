// Generated from providers/gitlab/schema.json by `npm run sdks`: change that file instead.
import * as pulumi from "@pulumi/pulumi";
import type * as types from "./types";

export type * as types from "./types";

/** The provider's version: with it the engine finds the plugin. */
const version = "10.4.0";

/**
 * A CI/CD variable of a group, which the jobs of all its projects see.
 *
 * A variable of this key and scope that exists is taken over: only what is set here and differs is written, the
 * rest keeps its value. Its id, by which it is imported, is `group:key:environmentScope`, such as
 * `security:GITLAB_API_TOKEN:*`.
 */
export class GroupVariable extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "gitlab:index/groupVariable:GroupVariable";

  /** The state of a GroupVariable that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): GroupVariable {
    return new GroupVariable(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a GroupVariable, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is GroupVariable {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === GroupVariable.__pulumiType
    );
  }

  /** What the variable is for, as GitLab shows it beside its name. Kept as it is when not set. */
  declare readonly description: pulumi.Output<string>;
  /**
   * The environments whose jobs see the variable, such as `production` or `review/*`. Part of the variable's
   * identity: the same key may exist once per scope. Every environment (`*`) when not set; for groups, other scopes
   * need GitLab Premium.
   */
  declare readonly environmentScope: pulumi.Output<string>;
  /** The group that has the variable: its full path, such as `security/tools`, or its number. */
  declare readonly group: pulumi.Output<string>;
  /**
   * Whether nobody can read the value back, neither in GitLab's pages nor over its API. GitLab hides new variables
   * only, and never shows one again; a hidden variable is always masked. Kept as it is when not set.
   */
  declare readonly hidden: pulumi.Output<boolean>;
  /** The variable's name: 1 to 255 letters, digits and `_`. */
  declare readonly key: pulumi.Output<string>;
  /**
   * Whether job logs show `[MASKED]` in place of the value, which must then have at least 8 characters and no
   * blanks. Kept as it is when not set.
   */
  declare readonly masked: pulumi.Output<boolean>;
  /** Whether only pipelines of protected branches and tags get the variable. Kept as it is when not set. */
  declare readonly protected: pulumi.Output<boolean>;
  /**
   * Whether `$` in the value stands for itself; otherwise it begins a reference to another variable. Kept as it is
   * when not set.
   */
  declare readonly raw: pulumi.Output<boolean>;
  /** The value. */
  declare readonly value: pulumi.Output<string>;
  /** `env_var`, or `file` for jobs to get the path of a file with the value in it. Kept as it is when not set. */
  declare readonly variableType: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: GroupVariableArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      description: undefined,
      environmentScope: undefined,
      group: undefined,
      hidden: undefined,
      key: undefined,
      masked: undefined,
      protected: undefined,
      raw: undefined,
      value: undefined,
      variableType: undefined,
    };
    if (opts.id === undefined) {
      if (args?.group === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the GroupVariable "${name}": the property "group" is missing; it is required.`);
      }
      if (args?.key === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the GroupVariable "${name}": the property "key" is missing; it is required.`);
      }
      if (args?.value === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the GroupVariable "${name}": the property "value" is missing; it is required.`);
      }
      Object.assign(inputs, {
        description: args?.description,
        environmentScope: args?.environmentScope,
        group: args?.group,
        hidden: args?.hidden,
        key: args?.key,
        masked: args?.masked,
        protected: args?.protected,
        raw: args?.raw,
        value: args?.value === undefined ? undefined : pulumi.secret(args.value),
        variableType: args?.variableType,
      });
    }
    super(
      GroupVariable.__pulumiType,
      name,
      inputs,
      pulumi.mergeOptions({ version, additionalSecretOutputs: ["value"] }, opts),
    );
  }
}

/** What a {@link GroupVariable} is made with. */
export interface GroupVariableArgs {
  /** What the variable is for, as GitLab shows it beside its name. Kept as it is when not set. */
  readonly description?: pulumi.Input<string | undefined>;
  /**
   * The environments whose jobs see the variable, such as `production` or `review/*`. Part of the variable's
   * identity: the same key may exist once per scope. Every environment (`*`) when not set; for groups, other scopes
   * need GitLab Premium.
   */
  readonly environmentScope?: pulumi.Input<string | undefined>;
  /** The group that has the variable: its full path, such as `security/tools`, or its number. */
  readonly group: pulumi.Input<string>;
  /**
   * Whether nobody can read the value back, neither in GitLab's pages nor over its API. GitLab hides new variables
   * only, and never shows one again; a hidden variable is always masked. Kept as it is when not set.
   */
  readonly hidden?: pulumi.Input<boolean | undefined>;
  /** The variable's name: 1 to 255 letters, digits and `_`. */
  readonly key: pulumi.Input<string>;
  /**
   * Whether job logs show `[MASKED]` in place of the value, which must then have at least 8 characters and no
   * blanks. Kept as it is when not set.
   */
  readonly masked?: pulumi.Input<boolean | undefined>;
  /** Whether only pipelines of protected branches and tags get the variable. Kept as it is when not set. */
  readonly protected?: pulumi.Input<boolean | undefined>;
  /**
   * Whether `$` in the value stands for itself; otherwise it begins a reference to another variable. Kept as it is
   * when not set.
   */
  readonly raw?: pulumi.Input<boolean | undefined>;
  /** The value. */
  readonly value: pulumi.Input<string>;
  /** `env_var`, or `file` for jobs to get the path of a file with the value in it. Kept as it is when not set. */
  readonly variableType?: pulumi.Input<string | undefined>;
}

/**
 * A CI/CD variable of the whole instance, which the jobs of all projects see; takes an administrator's credential.
 *
 * A variable of this key that exists is taken over: only what is set here and differs is written, the rest keeps
 * its value. Its id, by which it is imported, is its key.
 */
export class InstanceVariable extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "gitlab:index/instanceVariable:InstanceVariable";

  /** The state of a InstanceVariable that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): InstanceVariable {
    return new InstanceVariable(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a InstanceVariable, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is InstanceVariable {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === InstanceVariable.__pulumiType
    );
  }

  /** What the variable is for, as GitLab shows it beside its name. Kept as it is when not set. */
  declare readonly description: pulumi.Output<string>;
  /** The variable's name: 1 to 255 letters, digits and `_`. */
  declare readonly key: pulumi.Output<string>;
  /**
   * Whether job logs show `[MASKED]` in place of the value, which must then have at least 8 characters and no
   * blanks. Kept as it is when not set.
   */
  declare readonly masked: pulumi.Output<boolean>;
  /** Whether only pipelines of protected branches and tags get the variable. Kept as it is when not set. */
  declare readonly protected: pulumi.Output<boolean>;
  /**
   * Whether `$` in the value stands for itself; otherwise it begins a reference to another variable. Kept as it is
   * when not set.
   */
  declare readonly raw: pulumi.Output<boolean>;
  /** The value. */
  declare readonly value: pulumi.Output<string>;
  /** `env_var`, or `file` for jobs to get the path of a file with the value in it. Kept as it is when not set. */
  declare readonly variableType: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: InstanceVariableArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      description: undefined,
      key: undefined,
      masked: undefined,
      protected: undefined,
      raw: undefined,
      value: undefined,
      variableType: undefined,
    };
    if (opts.id === undefined) {
      if (args?.key === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the InstanceVariable "${name}": the property "key" is missing; it is required.`);
      }
      if (args?.value === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the InstanceVariable "${name}": the property "value" is missing; it is required.`);
      }
      Object.assign(inputs, {
        description: args?.description,
        key: args?.key,
        masked: args?.masked,
        protected: args?.protected,
        raw: args?.raw,
        value: args?.value === undefined ? undefined : pulumi.secret(args.value),
        variableType: args?.variableType,
      });
    }
    super(
      InstanceVariable.__pulumiType,
      name,
      inputs,
      pulumi.mergeOptions({ version, additionalSecretOutputs: ["value"] }, opts),
    );
  }
}

/** What a {@link InstanceVariable} is made with. */
export interface InstanceVariableArgs {
  /** What the variable is for, as GitLab shows it beside its name. Kept as it is when not set. */
  readonly description?: pulumi.Input<string | undefined>;
  /** The variable's name: 1 to 255 letters, digits and `_`. */
  readonly key: pulumi.Input<string>;
  /**
   * Whether job logs show `[MASKED]` in place of the value, which must then have at least 8 characters and no
   * blanks. Kept as it is when not set.
   */
  readonly masked?: pulumi.Input<boolean | undefined>;
  /** Whether only pipelines of protected branches and tags get the variable. Kept as it is when not set. */
  readonly protected?: pulumi.Input<boolean | undefined>;
  /**
   * Whether `$` in the value stands for itself; otherwise it begins a reference to another variable. Kept as it is
   * when not set.
   */
  readonly raw?: pulumi.Input<boolean | undefined>;
  /** The value. */
  readonly value: pulumi.Input<string>;
  /** `env_var`, or `file` for jobs to get the path of a file with the value in it. Kept as it is when not set. */
  readonly variableType?: pulumi.Input<string | undefined>;
}

/**
 * A CI/CD variable of a project, which the project's jobs see.
 *
 * A variable of this key and scope that exists is taken over: only what is set here and differs is written, the
 * rest keeps its value. Its id, by which it is imported, is `project:key:environmentScope`, such as
 * `security/inventory-builder:GITLAB_API_TOKEN:*`.
 */
export class ProjectVariable extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "gitlab:index/projectVariable:ProjectVariable";

  /** The state of a ProjectVariable that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ProjectVariable {
    return new ProjectVariable(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a ProjectVariable, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is ProjectVariable {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === ProjectVariable.__pulumiType
    );
  }

  /** What the variable is for, as GitLab shows it beside its name. Kept as it is when not set. */
  declare readonly description: pulumi.Output<string>;
  /**
   * The environments whose jobs see the variable, such as `production` or `review/*`. Part of the variable's
   * identity: the same key may exist once per scope. Every environment (`*`) when not set; for groups, other scopes
   * need GitLab Premium.
   */
  declare readonly environmentScope: pulumi.Output<string>;
  /**
   * Whether nobody can read the value back, neither in GitLab's pages nor over its API. GitLab hides new variables
   * only, and never shows one again; a hidden variable is always masked. Kept as it is when not set.
   */
  declare readonly hidden: pulumi.Output<boolean>;
  /** The variable's name: 1 to 255 letters, digits and `_`. */
  declare readonly key: pulumi.Output<string>;
  /**
   * Whether job logs show `[MASKED]` in place of the value, which must then have at least 8 characters and no
   * blanks. Kept as it is when not set.
   */
  declare readonly masked: pulumi.Output<boolean>;
  /** The project that has the variable: its full path, such as `security/inventory-builder`, or its number. */
  declare readonly project: pulumi.Output<string>;
  /** Whether only pipelines of protected branches and tags get the variable. Kept as it is when not set. */
  declare readonly protected: pulumi.Output<boolean>;
  /**
   * Whether `$` in the value stands for itself; otherwise it begins a reference to another variable. Kept as it is
   * when not set.
   */
  declare readonly raw: pulumi.Output<boolean>;
  /** The value. */
  declare readonly value: pulumi.Output<string>;
  /** `env_var`, or `file` for jobs to get the path of a file with the value in it. Kept as it is when not set. */
  declare readonly variableType: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: ProjectVariableArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      description: undefined,
      environmentScope: undefined,
      hidden: undefined,
      key: undefined,
      masked: undefined,
      project: undefined,
      protected: undefined,
      raw: undefined,
      value: undefined,
      variableType: undefined,
    };
    if (opts.id === undefined) {
      if (args?.key === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the ProjectVariable "${name}": the property "key" is missing; it is required.`);
      }
      if (args?.project === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the ProjectVariable "${name}": the property "project" is missing; it is required.`);
      }
      if (args?.value === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the ProjectVariable "${name}": the property "value" is missing; it is required.`);
      }
      Object.assign(inputs, {
        description: args?.description,
        environmentScope: args?.environmentScope,
        hidden: args?.hidden,
        key: args?.key,
        masked: args?.masked,
        project: args?.project,
        protected: args?.protected,
        raw: args?.raw,
        value: args?.value === undefined ? undefined : pulumi.secret(args.value),
        variableType: args?.variableType,
      });
    }
    super(
      ProjectVariable.__pulumiType,
      name,
      inputs,
      pulumi.mergeOptions({ version, additionalSecretOutputs: ["value"] }, opts),
    );
  }
}

/** What a {@link ProjectVariable} is made with. */
export interface ProjectVariableArgs {
  /** What the variable is for, as GitLab shows it beside its name. Kept as it is when not set. */
  readonly description?: pulumi.Input<string | undefined>;
  /**
   * The environments whose jobs see the variable, such as `production` or `review/*`. Part of the variable's
   * identity: the same key may exist once per scope. Every environment (`*`) when not set; for groups, other scopes
   * need GitLab Premium.
   */
  readonly environmentScope?: pulumi.Input<string | undefined>;
  /**
   * Whether nobody can read the value back, neither in GitLab's pages nor over its API. GitLab hides new variables
   * only, and never shows one again; a hidden variable is always masked. Kept as it is when not set.
   */
  readonly hidden?: pulumi.Input<boolean | undefined>;
  /** The variable's name: 1 to 255 letters, digits and `_`. */
  readonly key: pulumi.Input<string>;
  /**
   * Whether job logs show `[MASKED]` in place of the value, which must then have at least 8 characters and no
   * blanks. Kept as it is when not set.
   */
  readonly masked?: pulumi.Input<boolean | undefined>;
  /** The project that has the variable: its full path, such as `security/inventory-builder`, or its number. */
  readonly project: pulumi.Input<string>;
  /** Whether only pipelines of protected branches and tags get the variable. Kept as it is when not set. */
  readonly protected?: pulumi.Input<boolean | undefined>;
  /**
   * Whether `$` in the value stands for itself; otherwise it begins a reference to another variable. Kept as it is
   * when not set.
   */
  readonly raw?: pulumi.Input<boolean | undefined>;
  /** The value. */
  readonly value: pulumi.Input<string>;
  /** `env_var`, or `file` for jobs to get the path of a file with the value in it. Kept as it is when not set. */
  readonly variableType?: pulumi.Input<string | undefined>;
}

/**
 * A service account of a group. One of this user name that exists is taken over: only what is set here and differs
 * is written. Its id, by which it is imported, is `group:serviceAccountId`.
 */
export class GroupServiceAccount extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "gitlab:index/groupServiceAccount:GroupServiceAccount";

  /** The state of a GroupServiceAccount that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): GroupServiceAccount {
    return new GroupServiceAccount(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a GroupServiceAccount, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is GroupServiceAccount {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === GroupServiceAccount.__pulumiType
    );
  }

  /** The group that owns the account: its full path, such as `security`, or its number. */
  declare readonly group: pulumi.Output<string>;
  /** The name, as people see it. Kept as it is, or chosen by GitLab, when not set. */
  declare readonly name: pulumi.Output<string>;
  /** The user name. An account of that name is taken over. Chosen by GitLab when not set. */
  declare readonly username: pulumi.Output<string>;
  /**
   * The e-mail address; one of a domain that is not verified must be confirmed. Kept as it is, or chosen by GitLab,
   * when not set.
   */
  declare readonly email: pulumi.Output<string>;
  /** GitLab's id of the account's user. */
  declare readonly serviceAccountId: pulumi.Output<string>;
  /**
   * Whether not to wait until the account is gone: GitLab deletes in the background, and on GitLab.com that can take
   * a while. Not set: `false`.
   */
  declare readonly skipWaitForDeletion: pulumi.Output<boolean | undefined>;
  /** How long to wait for what GitLab does in the background. */
  declare readonly timeouts: pulumi.Output<types.GroupServiceAccountTimeouts | undefined>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: GroupServiceAccountArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      group: undefined,
      name: undefined,
      username: undefined,
      email: undefined,
      serviceAccountId: undefined,
      skipWaitForDeletion: undefined,
      timeouts: undefined,
    };
    if (opts.id === undefined) {
      if (args?.group === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the GroupServiceAccount "${name}": the property "group" is missing; it is required.`,
        );
      }
      Object.assign(inputs, {
        group: args?.group,
        name: args?.name,
        username: args?.username,
        email: args?.email,
        skipWaitForDeletion: args?.skipWaitForDeletion,
        timeouts: args?.timeouts,
      });
    }
    super(GroupServiceAccount.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link GroupServiceAccount} is made with. */
export interface GroupServiceAccountArgs {
  /** The group that owns the account: its full path, such as `security`, or its number. */
  readonly group: pulumi.Input<string>;
  /** The name, as people see it. Kept as it is, or chosen by GitLab, when not set. */
  readonly name?: pulumi.Input<string | undefined>;
  /** The user name. An account of that name is taken over. Chosen by GitLab when not set. */
  readonly username?: pulumi.Input<string | undefined>;
  /**
   * The e-mail address; one of a domain that is not verified must be confirmed. Kept as it is, or chosen by GitLab,
   * when not set.
   */
  readonly email?: pulumi.Input<string | undefined>;
  /**
   * Whether not to wait until the account is gone: GitLab deletes in the background, and on GitLab.com that can take
   * a while. Not set: `false`.
   */
  readonly skipWaitForDeletion?: pulumi.Input<boolean | undefined>;
  /** How long to wait for what GitLab does in the background. */
  readonly timeouts?: pulumi.Input<types.GroupServiceAccountTimeoutsArgs | undefined>;
}

/**
 * A service account of a project. One of this user name that exists is taken over: only what is set here and
 * differs is written. Its id, by which it is imported, is `project:serviceAccountId`.
 */
export class ProjectServiceAccount extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "gitlab:index/projectServiceAccount:ProjectServiceAccount";

  /** The state of a ProjectServiceAccount that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ProjectServiceAccount {
    return new ProjectServiceAccount(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a ProjectServiceAccount, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is ProjectServiceAccount {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === ProjectServiceAccount.__pulumiType
    );
  }

  /** The project that owns the account: its full path, such as `security/portal`, or its number. */
  declare readonly project: pulumi.Output<string>;
  /** The name, as people see it. Kept as it is, or chosen by GitLab, when not set. */
  declare readonly name: pulumi.Output<string>;
  /** The user name. An account of that name is taken over. Chosen by GitLab when not set. */
  declare readonly username: pulumi.Output<string>;
  /**
   * The e-mail address; one of a domain that is not verified must be confirmed. Kept as it is, or chosen by GitLab,
   * when not set.
   */
  declare readonly email: pulumi.Output<string>;
  /** GitLab's id of the account's user. */
  declare readonly serviceAccountId: pulumi.Output<string>;
  /**
   * Whether not to wait until the account is gone: GitLab deletes in the background, and on GitLab.com that can take
   * a while. Not set: `false`.
   */
  declare readonly skipWaitForDeletion: pulumi.Output<boolean | undefined>;
  /** How long to wait for what GitLab does in the background. */
  declare readonly timeouts: pulumi.Output<types.ProjectServiceAccountTimeouts | undefined>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: ProjectServiceAccountArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      project: undefined,
      name: undefined,
      username: undefined,
      email: undefined,
      serviceAccountId: undefined,
      skipWaitForDeletion: undefined,
      timeouts: undefined,
    };
    if (opts.id === undefined) {
      if (args?.project === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the ProjectServiceAccount "${name}": the property "project" is missing; it is required.`,
        );
      }
      Object.assign(inputs, {
        project: args?.project,
        name: args?.name,
        username: args?.username,
        email: args?.email,
        skipWaitForDeletion: args?.skipWaitForDeletion,
        timeouts: args?.timeouts,
      });
    }
    super(ProjectServiceAccount.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link ProjectServiceAccount} is made with. */
export interface ProjectServiceAccountArgs {
  /** The project that owns the account: its full path, such as `security/portal`, or its number. */
  readonly project: pulumi.Input<string>;
  /** The name, as people see it. Kept as it is, or chosen by GitLab, when not set. */
  readonly name?: pulumi.Input<string | undefined>;
  /** The user name. An account of that name is taken over. Chosen by GitLab when not set. */
  readonly username?: pulumi.Input<string | undefined>;
  /**
   * The e-mail address; one of a domain that is not verified must be confirmed. Kept as it is, or chosen by GitLab,
   * when not set.
   */
  readonly email?: pulumi.Input<string | undefined>;
  /**
   * Whether not to wait until the account is gone: GitLab deletes in the background, and on GitLab.com that can take
   * a while. Not set: `false`.
   */
  readonly skipWaitForDeletion?: pulumi.Input<boolean | undefined>;
  /** How long to wait for what GitLab does in the background. */
  readonly timeouts?: pulumi.Input<types.ProjectServiceAccountTimeoutsArgs | undefined>;
}

/**
 * A service account of the whole instance, which takes an administrator's credential. One of this user name that
 * exists is taken over: only what is set here and differs is written. Its id, by which it is imported, is the
 * account's number.
 */
export class InstanceServiceAccount extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "gitlab:index/instanceServiceAccount:InstanceServiceAccount";

  /** The state of a InstanceServiceAccount that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): InstanceServiceAccount {
    return new InstanceServiceAccount(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a InstanceServiceAccount, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is InstanceServiceAccount {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === InstanceServiceAccount.__pulumiType
    );
  }

  /** The name, as people see it. Kept as it is, or chosen by GitLab, when not set. */
  declare readonly name: pulumi.Output<string>;
  /** The user name. An account of that name is taken over. Chosen by GitLab when not set. */
  declare readonly username: pulumi.Output<string>;
  /**
   * The e-mail address; one of a domain that is not verified must be confirmed. Kept as it is, or chosen by GitLab,
   * when not set.
   */
  declare readonly email: pulumi.Output<string>;
  /** GitLab's id of the account's user. */
  declare readonly serviceAccountId: pulumi.Output<string>;
  /** How long to wait for what GitLab does in the background. */
  declare readonly timeouts: pulumi.Output<types.InstanceServiceAccountTimeouts | undefined>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args?: InstanceServiceAccountArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      name: undefined,
      username: undefined,
      email: undefined,
      serviceAccountId: undefined,
      timeouts: undefined,
    };
    if (opts.id === undefined) {
      Object.assign(inputs, {
        name: args?.name,
        username: args?.username,
        email: args?.email,
        timeouts: args?.timeouts,
      });
    }
    super(InstanceServiceAccount.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link InstanceServiceAccount} is made with. */
export interface InstanceServiceAccountArgs {
  /** The name, as people see it. Kept as it is, or chosen by GitLab, when not set. */
  readonly name?: pulumi.Input<string | undefined>;
  /** The user name. An account of that name is taken over. Chosen by GitLab when not set. */
  readonly username?: pulumi.Input<string | undefined>;
  /**
   * The e-mail address; one of a domain that is not verified must be confirmed. Kept as it is, or chosen by GitLab,
   * when not set.
   */
  readonly email?: pulumi.Input<string | undefined>;
  /** How long to wait for what GitLab does in the background. */
  readonly timeouts?: pulumi.Input<types.InstanceServiceAccountTimeoutsArgs | undefined>;
}

/**
 * A user's membership of a group. One that exists is taken over, with the access level that is set here. Its id,
 * by which it is imported, is `groupId:userId`.
 */
export class GroupMembership extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "gitlab:index/groupMembership:GroupMembership";

  /** The state of a GroupMembership that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): GroupMembership {
    return new GroupMembership(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a GroupMembership, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is GroupMembership {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === GroupMembership.__pulumiType
    );
  }

  /** The number of the group. */
  declare readonly groupId: pulumi.Output<number>;
  /** The number of the user. */
  declare readonly userId: pulumi.Output<number>;
  /** `minimal`, `guest`, `planner`, `reporter`, `developer`, `maintainer` or `owner`. */
  declare readonly accessLevel: pulumi.Output<string>;
  /** The day (`YYYY-MM-DD`) on which the membership ends. Never when not set. */
  declare readonly expiresAt: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: GroupMembershipArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      groupId: undefined,
      userId: undefined,
      accessLevel: undefined,
      expiresAt: undefined,
    };
    if (opts.id === undefined) {
      if (args?.groupId === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the GroupMembership "${name}": the property "groupId" is missing; it is required.`);
      }
      if (args?.userId === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the GroupMembership "${name}": the property "userId" is missing; it is required.`);
      }
      if (args?.accessLevel === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the GroupMembership "${name}": the property "accessLevel" is missing; it is required.`,
        );
      }
      Object.assign(inputs, {
        groupId: args?.groupId,
        userId: args?.userId,
        accessLevel: args?.accessLevel,
        expiresAt: args?.expiresAt,
      });
    }
    super(GroupMembership.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link GroupMembership} is made with. */
export interface GroupMembershipArgs {
  /** The number of the group. */
  readonly groupId: pulumi.Input<number>;
  /** The number of the user. */
  readonly userId: pulumi.Input<number>;
  /** `minimal`, `guest`, `planner`, `reporter`, `developer`, `maintainer` or `owner`. */
  readonly accessLevel: pulumi.Input<string>;
  /** The day (`YYYY-MM-DD`) on which the membership ends. Never when not set. */
  readonly expiresAt?: pulumi.Input<string | undefined>;
}

/**
 * A user's membership of a project. One that exists is taken over, with the access level that is set here. Its id,
 * by which it is imported, is `project:userId`.
 */
export class ProjectMembership extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "gitlab:index/projectMembership:ProjectMembership";

  /** The state of a ProjectMembership that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ProjectMembership {
    return new ProjectMembership(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a ProjectMembership, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is ProjectMembership {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === ProjectMembership.__pulumiType
    );
  }

  /** The project: its full path, or its number. */
  declare readonly project: pulumi.Output<string>;
  /** The number of the user. */
  declare readonly userId: pulumi.Output<number>;
  /** `minimal`, `guest`, `planner`, `reporter`, `developer`, `maintainer` or `owner`. */
  declare readonly accessLevel: pulumi.Output<string>;
  /** The day (`YYYY-MM-DD`) on which the membership ends. Never when not set. */
  declare readonly expiresAt: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: ProjectMembershipArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      project: undefined,
      userId: undefined,
      accessLevel: undefined,
      expiresAt: undefined,
    };
    if (opts.id === undefined) {
      if (args?.project === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the ProjectMembership "${name}": the property "project" is missing; it is required.`,
        );
      }
      if (args?.userId === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the ProjectMembership "${name}": the property "userId" is missing; it is required.`);
      }
      if (args?.accessLevel === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the ProjectMembership "${name}": the property "accessLevel" is missing; it is required.`,
        );
      }
      Object.assign(inputs, {
        project: args?.project,
        userId: args?.userId,
        accessLevel: args?.accessLevel,
        expiresAt: args?.expiresAt,
      });
    }
    super(ProjectMembership.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link ProjectMembership} is made with. */
export interface ProjectMembershipArgs {
  /** The project: its full path, or its number. */
  readonly project: pulumi.Input<string>;
  /** The number of the user. */
  readonly userId: pulumi.Input<number>;
  /** `minimal`, `guest`, `planner`, `reporter`, `developer`, `maintainer` or `owner`. */
  readonly accessLevel: pulumi.Input<string>;
  /** The day (`YYYY-MM-DD`) on which the membership ends. Never when not set. */
  readonly expiresAt?: pulumi.Input<string | undefined>;
}
