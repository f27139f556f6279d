import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** What is written above a setting where it is declared. */
export interface Words {
  /** What it says, on one line. */
  readonly text: string;
  /** What it is without it, if that is written there. */
  readonly fallback?: string;
  /** The interface of its block, or of the members of its list. */
  readonly of?: string;
}

/** The settings of a declaration by interface and name. */
export type Dictionary = ReadonlyMap<string, ReadonlyMap<string, Words>>;

const root = join(__dirname, "../..");

/** What stands above each property of each interface of some files. */
export function dictionary(files: readonly string[]): Dictionary {
  return new Map(files.flatMap((file) => interfacesOf(file)));
}

/** The files of the room of places that say how one is declared. */
export function placeFiles(): readonly string[] {
  return readdirSync(join(root, "places"), { recursive: true, encoding: "utf8" })
    .filter((file) => /(?:^|[\\/])declared\.ts$/.test(file))
    .map((file) => `places/${file}`);
}

type Found = readonly [string, ReadonlyMap<string, Words>];

function interfacesOf(file: string): readonly Found[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.ES2022, true);
  return source.statements.filter(ts.isInterfaceDeclaration).map(({ name, members, heritageClauses = [] }): Found => {
    const properties = members.filter(ts.isPropertySignature);
    const own = properties.map((one) => [one.name.getText(source), wordsOf(one, source)] as const);
    return [name.text, new Map([...inherited(heritageClauses, source), ...own])];
  });
}

/** What an interface of the room of places has that it extends. */
function inherited(
  clauses: readonly ts.HeritageClause[],
  source: ts.SourceFile,
): readonly (readonly [string, Words])[] {
  const names = clauses.flatMap(({ types }) => types.map((type) => type.expression.getText(source)));
  if (!names.includes("DeclaredPlaces")) return [];
  return [...(new Map(interfacesOf("places/declared.ts")).get("DeclaredPlaces") ?? [])];
}

function wordsOf(property: ts.PropertySignature, source: ts.SourceFile): Words {
  const [doc] = ts.getJSDocCommentsAndTags(property).filter(ts.isJSDoc);
  const tag = doc?.tags?.find(({ tagName }) => tagName.text === "default");
  const of = property.type === undefined ? undefined : interfaceOf(property.type, source);
  const fallback = tag === undefined ? undefined : textOf(tag.comment);
  return {
    text: textOf(doc?.comment),
    ...(fallback === undefined ? {} : { fallback }),
    ...(of === undefined ? {} : { of }),
  };
}

/** `T`, `readonly T[]`. */
function interfaceOf(type: ts.TypeNode, source: ts.SourceFile): string | undefined {
  if (ts.isTypeOperatorNode(type)) return interfaceOf(type.type, source);
  if (ts.isArrayTypeNode(type)) return interfaceOf(type.elementType, source);
  return ts.isTypeReferenceNode(type) ? type.typeName.getText(source) : undefined;
}

function textOf(comment: ts.JSDoc["comment"]): string {
  const text = ts.getTextOfJSDocComment(comment) ?? "";
  return text
    .replace(/\{@link (\w+\.)?(\w+)\}/g, "`$2`")
    .replace(/\s+/g, " ")
    .trim();
}
