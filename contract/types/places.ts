import { flag, object, optional, text, type ValueOf } from "../form/kinds";

export const variableTarget = object("Variable", "A CI/CD variable that is to hold the token.", {
  project: optional(
    text("Full path or id of the project it belongs to. One of `project`, `group` and `instance` is given."),
  ),
  group: optional(text("Full path or id of the group it belongs to.")),
  instance: optional(flag("True for a variable of the whole instance.")),
  key: text("Its name."),
  environmentScope: optional(text("Its environment scope; `*` when left out.")),
  protected: optional(flag("Only for pipelines on protected branches and tags.")),
  masked: optional(flag("Hidden in job logs.")),
  hidden: optional(flag("Masked, and never shown again.")),
  raw: optional(flag("`$` is not expanded.")),
  variableType: optional(text("`env_var` or `file`.")),
});
export type VariableTarget = ValueOf<typeof variableTarget>;

export const itemTarget = object("ItemTarget", "A place in 1Password that is to hold the token.", {
  vault: text("Name or uuid of the vault."),
  item: optional(text("Title or uuid of an item that exists.")),
  field: optional(text("Label or id of the field of that item.")),
  section: optional(text("Label or id of the field's section, where several fields have the label.")),
  newItem: optional(
    text("Title of an item of its own, in the API Credential category, instead of `item` and `field`."),
  ),
  shown: optional(
    flag(
      "Whether the field may be of a type of which 1Password shows the value in plain text, such as a text. Default: it may not.",
    ),
  ),
});
export type ItemTarget = ValueOf<typeof itemTarget>;

export const secretTarget = object("SecretTarget", "A key of a secret in OpenBao or Vault that is to hold the token.", {
  mount: optional(text("Where the engine KV, version 2, is mounted; `secret` when left out.")),
  path: text("Path of the secret below the mount."),
  field: optional(text("The key of the secret that holds the token; `token` when left out.")),
});
export type SecretTarget = ValueOf<typeof secretTarget>;

export const consumer = object("Consumer", "A place that holds the token.", {
  kind: text<"variable" | "item" | "secret">("`variable`, `item` or `secret`."),
  project: optional(text("Of a project's variable: full path or id of the project.")),
  group: optional(text("Of a group's variable: full path or id of the group.")),
  key: optional(text("Of a variable: its name.")),
  environmentScope: optional(text("Of a variable: its environment scope; `*` when left out.")),
  vaultUuid: optional(text("Of an item: uuid of its vault.")),
  itemUuid: optional(text("Of an item: its uuid.")),
  fieldId: optional(text("Of an item: id of the field.")),
  vault: optional(text("Of an item whose ids are not known yet: name or uuid of its vault.")),
  item: optional(text("Of such an item: its title or uuid.")),
  field: optional(text("Of such an item: label or id of the field. Of a secret: its key.")),
  mount: optional(text("Of a secret: where its engine is mounted.")),
  path: optional(text("Of a secret: its path below the mount.")),
  section: optional(text("Of such an item: label of the section that the field is in.")),
  title: optional(text("What people call the place; used in messages.")),
  unmade: optional(text("Why the place's own step could not make it, in words; left out where it did.")),
});
export type Consumer = ValueOf<typeof consumer>;

export const externalConsumer = object("ExternalConsumer", "A consumer that cannot be written from here.", {
  name: text("What it is."),
  owner: text("Who updates it: a GitLab user or group with its `@`."),
});
export type ExternalConsumer = ValueOf<typeof externalConsumer>;
