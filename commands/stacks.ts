import { visible } from "../ground/visible";
import { fileOfStack, stacksOf, thereAre } from "../settings/stackFile";
import type { Tree } from "../settings/tree";
import { suggestion } from "./nearest";

/** That a stack has no file, which stacks have one, and which of them may be meant. */
export function unknownStack(tree: Tree, stack: string, known: readonly string[] = stacksOf(tree)): string {
  const name = nameOf(stack);
  const near = suggestion(name, known);
  return visible(
    `Looking for stack "${stack}": ${tree.name} has no ${fileOfStack(tree, stack)}; ${thereAre(known)}.${near}`,
  );
}

/** That a stack without a file is nearly called as one that has it, of which an engine would only say that there is none; else nothing. */
export function misspeltStack(tree: Tree, asked: string): string | undefined {
  const known = stacksOf(tree);
  const name = nameOf(asked);
  if (known.includes(name) || suggestion(name, known) === "") return undefined;
  return `${unknownStack(tree, asked)} Nothing was run.`;
}

/**
 * For a stack that an engine does not know: it has no file, or was not made yet.
 *
 * @param engine - how the engine is called.
 */
export function unmadeStack(tree: Tree, stack: string | undefined, engine = "pulumi"): string {
  if (stack === undefined) return `Looking for the selected stack: ${thereAre(stacksOf(tree))}. Name it with --stack.`;
  const isDeclared = stacksOf(tree).includes(nameOf(stack));
  const found = isDeclared
    ? visible(`Looking for stack "${stack}": it has ${fileOfStack(tree, stack)}, and was not made yet.`)
    : unknownStack(tree, stack);
  return `${found} A new one is made with: ${engine} stack init ${isDeclared ? visible(stack) : "<name>"}`;
}

/** In organization/project/stack the last part names the file. */
function nameOf(stack: string): string {
  return stack.split("/").at(-1) ?? "";
}
