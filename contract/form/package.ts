/** The part of Pulumi's package schema that our providers have, and that their host reads. */
export interface PackageSchema {
  readonly name: string;
  readonly version: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly publisher?: string;
  readonly license?: string;
  /** Where an engine that lacks the plugin gets it from. */
  readonly pluginDownloadURL?: string;
  /** How each language's package of it is named and made. */
  readonly language?: Readonly<Record<string, object>>;
  readonly resources: Readonly<Record<string, ResourceSchema>>;
  readonly types?: Readonly<Record<string, ObjectSchema>>;
  readonly functions?: Readonly<Record<string, FunctionSchema>>;
}

/** A function in a package schema. */
export interface FunctionSchema {
  readonly description?: string;
  readonly inputs?: ObjectSchema;
  readonly outputs?: ObjectSchema;
}

/** A resource in a package schema. */
export interface ResourceSchema {
  readonly description?: string;
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly inputProperties: Readonly<Record<string, PropertySchema>>;
  readonly requiredInputs?: readonly string[];
}

/** An object type in a package schema. */
export interface ObjectSchema {
  readonly type: "object";
  readonly description?: string;
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
}

/** A property in a package schema. */
export interface PropertySchema {
  readonly type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
  readonly $ref?: string;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
  readonly description?: string;
  readonly secret?: boolean;
  readonly replaceOnChanges?: boolean;
  readonly willReplaceOnChanges?: boolean;
  readonly default?: string | number | boolean;
}

/** The version of our package: with it the engine names the provider that serves it. */
export const version = "0.1.0";

/** Where an engine that lacks one of our plugins gets it from: `npm run pack -- --url …` puts it here. */
export const downloadURL: string | undefined = process.env.PAT_ROTATION_PLUGINS || undefined;
