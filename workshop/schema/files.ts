import { account, settings } from "../../rotation/declaration/schema";
import { format } from "../sdks/package";
import { type JsonSchema, nullable, schemaOf } from "./shape";
import { dictionary, placeFiles } from "./words";

const draft = "http://json-schema.org/draft-07/schema#";
const made = "Made by `npm run schema` from rotation/declaration: change that instead.";

/** Where a stack's accounts are beside its own list: read by settings/accountFiles.ts. */
const accountFiles: JsonSchema = {
  description:
    'YAML files with more accounts, one or a list in each: paths from the project\'s folder, with `*` for any part of a name and `**` for any folders, such as "accounts/*.yaml".',
  type: ["array", "null"],
  items: { type: "string", pattern: "^(?!/)[^\\\\]+\\.ya?ml$" },
};

/** The files that tell editors what may stand in the files of a declaration, by their paths. */
export function schemaFiles(): Readonly<Record<string, string>> {
  const words = dictionary([
    "rotation/declaration/declaration.ts",
    "rotation/permissions/permissions.ts",
    ...placeFiles(),
  ]);
  const one = { ...schemaOf(account, words, "AccountDeclaration") };
  const text = (schema: JsonSchema) => format("settings/schema/any.json", JSON.stringify(schema));
  const { properties } = schemaOf(settings, words, "Settings") as {
    readonly properties: Readonly<Record<string, JsonSchema>>;
  };
  const { accounts, fleet, ...rest } = properties;
  // It may be in Pulumi.yaml.
  const others = { fleet: nullable({ ...fleet }), ...rest };
  const { minItems: _all, ...listed } = { ...accounts };
  const definitions = {
    ...Object.fromEntries(Object.entries(others).map(([name, schema]) => [name, written(name, schema)])),
    accounts: written("accounts", { ...nullable(listed), items: { $ref: "#/definitions/account" } }),
    accountFiles: written("accountFiles", accountFiles),
    account: one,
  };
  return {
    "settings/schema/stack.json": text(stackSchema(definitions, [...Object.keys(others), "accounts", "accountFiles"])),
    "settings/schema/accounts.json": text({
      $schema: draft,
      title: "Accounts of pat-rotation",
      description: "A file that `accountFiles` names: one account, or a list of them.",
      $comment: made,
      // A file that is all comments holds none.
      ...chosen(
        { type: "array" },
        { type: "array", items: { $ref: "#/definitions/account" } },
        chosen({ type: "null" }, true, { $ref: "#/definitions/account" }),
      ),
      definitions: { account: one },
    }),
  };
}

/** The file `Pulumi.<stack>.yaml`; what is Pulumi's own, or another project's, may be anything. */
function stackSchema(definitions: JsonSchema, keys: readonly string[]): JsonSchema {
  const any = keys.join("|");
  return {
    $schema: draft,
    title: "A stack of pat-rotation",
    description: "Pulumi.<stack>.yaml: the accounts of a stack, and when their tokens rotate.",
    $comment: made,
    type: ["object", "null"],
    properties: {
      config: {
        description: "The stack's configuration. Keys of this project begin with `pat-rotation:`.",
        type: ["object", "null"],
        properties: Object.fromEntries(keys.map((key) => [`pat-rotation:${key}`, { $ref: `#/definitions/${key}` }])),
        patternProperties: Object.fromEntries([
          // Without the namespace, and in its older form.
          ...keys.map((key) => [`^(?:pat-rotation:config:)?${key}$`, { $ref: `#/definitions/${key}` }]),
          [`^(?:pat-rotation:(?:config:)?)?(?!(?:${any})$)[^:]+$`, false],
        ]),
      },
      encryptionsalt: { description: "Pulumi's own: what a passphrase is salted with.", type: "string" },
      secretsprovider: { description: "Pulumi's own: what encrypts secrets.", type: "string" },
      encryptedkey: { description: "Pulumi's own: the key that encrypts secrets.", type: "string" },
    },
    definitions,
  };
}

/** A key of the stack as a file may have it: `pulumi config set` writes a list or a block as the text of its JSON. */
function written(name: string, schema: JsonSchema): JsonSchema {
  const { description, ...rest } = schema;
  const types: readonly unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  const bracket = types.includes("array") ? "\\[" : types.includes("object") ? "\\{" : undefined;
  if (bracket !== undefined)
    return {
      description,
      ...chosen({ type: "string" }, { type: "string", pattern: `^(?:\\s*${bracket}[\\s\\S]*)?$` }, rest),
    };
  // Every scalar reaches the program as a text, the empty one as nothing.
  const scalars = name === "fleet" ? [{ type: "number" }, { type: "boolean" }] : [];
  const forms = (schema.anyOf as readonly unknown[] | undefined) ?? [rest];
  return { description, anyOf: [...forms, ...scalars, { type: "string", maxLength: 0 }] };
}

/** One schema for what fits a test, another for what does not: an editor then tells the faults of that one alone. */
function chosen(test: JsonSchema, fit: JsonSchema | true, other: JsonSchema): JsonSchema {
  const parts = [test, fit, other];
  return Object.fromEntries(["if", "then", "else"].map((keyword, at) => [keyword, parts[at]]));
}
