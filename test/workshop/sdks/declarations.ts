import ts from "typescript";

/** A class or an interface: its properties' types as text, and which of them have no docstring. */
export interface Declaration {
  readonly properties: Readonly<Record<string, string>>;
  readonly undocumented: readonly string[];
}

/** By name. */
export type Declarations = Readonly<Record<string, Declaration>>;

/** The exported classes and interfaces of a module, its namespaces included. */
export function declarationsOf(source: string): Declarations {
  const file = ts.createSourceFile("module.ts", source, ts.ScriptTarget.Latest, true);
  const found: Record<string, Declaration> = {};
  const visit = (node: ts.Node): void => {
    if ((ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) && node.name !== undefined) {
      const members = [...node.members].filter(
        (member): member is ts.PropertyDeclaration | ts.PropertySignature =>
          (ts.isPropertyDeclaration(member) || ts.isPropertySignature(member)) &&
          !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static),
      );
      found[node.name.text] = {
        properties: Object.fromEntries(members.map((member) => [nameOf(member), typeOf(member)])),
        undocumented: members
          .filter((member) => ts.getJSDocCommentsAndTags(member).length === 0)
          .map((member) => `${node.name?.text}.${nameOf(member)}`),
      };
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function nameOf(member: ts.PropertyDeclaration | ts.PropertySignature): string {
  return `${member.name.getText()}${member.questionToken ? "?" : ""}`;
}

/** Written alike whoever generated it: no spaces, no `readonly`, no module before a type's name, `T[]` for lists. */
function typeOf(member: ts.PropertyDeclaration | ts.PropertySignature): string {
  return (member.type?.getText() ?? "")
    .replaceAll(/\breadonly\b/g, "")
    .replaceAll(/\b(?:types|inputs|outputs)(?:\.(?:input|output))?\./g, "")
    .replaceAll(/[\s;]/g, "");
}
