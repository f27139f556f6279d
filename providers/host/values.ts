import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PackageSchema, PropertySchema } from "../../contract/form/package";
import { isRecord, type Path, pathText } from "./path";
import { type Properties, unknown } from "./provider";
import { shapeOf } from "./schema";
import type { Secrets } from "./secrets";

/** The key by which Pulumi marks an object that stands for something else. */
const signatureKey = "4dabf18193072939515e22adb298388d";

/** What such an object can stand for. */
const signatures = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
} as const;

/** The text by which Pulumi says that a value is not known yet. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Texts by which Pulumi says that a text, boolean, number, list, asset, archive or object is not known yet. */
const unknownTexts: ReadonlySet<string> = new Set([
  unknownText,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/**
 * Properties as the engine sent them, made plain: secrets unwrapped (and remembered in `secrets`), unknowns as
 * {@link unknown}, references to resources as their ids. What is null is left out.
 */
export function decode(struct: Struct | undefined, secrets: Secrets): Properties {
  const plain = fromWire(struct?.toJavaScript() ?? {}, [], secrets);
  return isRecord(plain) ? plain : {};
}

function fromWire(wire: unknown, place: Path, secrets: Secrets): unknown {
  if (typeof wire === "string") {
    return unknownTexts.has(wire) ? unknown : wire;
  }
  if (Array.isArray(wire)) {
    return wire.map((element, index) => fromWire(element, [...place, index], secrets));
  }
  if (!isRecord(wire)) {
    return wire;
  }
  switch (wire[signatureKey]) {
    case undefined:
      return Object.fromEntries(
        Object.entries(wire)
          .map(([key, value]) => [key, fromWire(value, [...place, key], secrets)] as const)
          // After unwrapping: a secret may stand for nothing.
          .filter(([, value]) => value !== null && value !== undefined),
      );
    case signatures.secret:
      return rememberSecret(fromWire(wire.value, place, secrets), place, secrets);
    case signatures.output: {
      const value = "value" in wire ? fromWire(wire.value, place, secrets) : unknown;
      return wire.secret === true ? rememberSecret(value, place, secrets) : value;
    }
    case signatures.resource: {
      const id = wire.id ?? wire.urn;
      return id === "" ? unknown : fromWire(id, place, secrets);
    }
    default:
      throw new Error(
        `Reading property "${pathText(place)}": it holds a file or an archive; write its content as text.`,
      );
  }
}

function rememberSecret(value: unknown, place: Path, secrets: Secrets): unknown {
  secrets.add(place, value);
  return value;
}

/** How properties are described: by name, with the types that they refer to. */
export interface Description {
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly types: PackageSchema["types"];
}

/**
 * Properties for the engine: secret is what the schema calls so, what stood at the place of a secret, and any text that
 * holds a secret's text. Every secret's text is remembered in `secrets`.
 */
export function encode(plain: Properties, description: Description, secrets: Secrets): Struct {
  // First all that the schema calls secret, so that the same text is recognised elsewhere too.
  learnSecrets(plain, description, secrets);
  const wire = Object.entries(plain).flatMap(([key, value]) => {
    const encoded = toWire(value, [key], description.properties[key], description.types, secrets);
    return encoded === undefined ? [] : [[key, encoded] as const];
  });
  return Struct.fromJavaScript(Object.fromEntries(wire));
}

/** Remembers the texts that the schema calls secret in properties that are about to leave or to be talked about. */
export function learnSecrets(plain: Properties, description: Description, secrets: Secrets): void {
  const walk = (value: unknown, schema: PropertySchema | undefined): void => {
    if (schema?.secret === true) {
      secrets.learn(value);
      return;
    }
    const shape = shapeOf(schema, description.types);
    if (Array.isArray(value)) {
      value.forEach((element, index) => {
        walk(element, shape.member(index));
      });
    } else if (isRecord(value)) {
      for (const [key, member] of Object.entries(value)) {
        walk(member, shape.member(key));
      }
    }
  };
  for (const [key, value] of Object.entries(plain)) {
    walk(value, description.properties[key]);
  }
}

function toWire(
  value: unknown,
  place: Path,
  schema: PropertySchema | undefined,
  types: PackageSchema["types"],
  secrets: Secrets,
): JavaScriptValue | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const secret = schema?.secret === true || secrets.holds(place, value);
  const shape = shapeOf(schema, types);
  const member = (key: string | number, inner: unknown): JavaScriptValue | undefined =>
    // Inside a secret all is secret: it is wrapped once.
    secret ? bare(inner) : toWire(inner, [...place, key], shape.member(key), types, secrets);
  const encoded = bare(value, member);
  return secret ? { [signatureKey]: signatures.secret, value: encoded } : encoded;
}

function bare(
  value: unknown,
  member: (key: string | number, inner: unknown) => JavaScriptValue | undefined = (_, inner) => bare(inner),
): JavaScriptValue {
  if (value === unknown) {
    return unknownText;
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((element, index) => member(index, element) ?? null);
  }
  if (isRecord(value)) {
    const members = Object.entries(value).flatMap(([key, inner]) => {
      const encoded = inner === undefined || inner === null ? undefined : member(key, inner);
      return encoded === undefined ? [] : [[key, encoded] as const];
    });
    return Object.fromEntries(members);
  }
  return null;
}

/** Whether anything inside a value is not known yet. */
export function holdsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(holdsUnknown);
  }
  return value === unknown || (isRecord(value) && Object.values(value).some(holdsUnknown));
}
