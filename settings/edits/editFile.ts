import { isDeepStrictEqual } from "node:util";
import { schemaLine, withoutSchemaLine } from "../schemaLine";
import { readYaml } from "../yaml";
import { accountBlock, appended } from "./block";
import { type Edit, EditError } from "./edit";
import { accountsIn, isStackFile } from "./place";
import { SpliceError } from "./splice";
import { stepped, steps } from "./steps";
import { changedFile } from "./wanted";

/**
 * A file of the declaration with a change made: comments, order and format of all else stay as they are.
 *
 * @param path - the file; `Pulumi.<stack>.yaml` holds its accounts in its configuration, any other file is all accounts.
 * @throws {@link EditError} when the file does not hold the account, or is written so that only a person can change it.
 */
export function editFile(path: string, text: string, edit: Edit): string {
  const before = readValue(path, text);
  try {
    if (edit.kind === "adopt" && isTaken(path, before, edit)) return text;
    const wanted = changedFile(path, before, edit);
    const after = steps(edit).reduce((all, step) => stepped(path, all, edit.account, step), text);
    const result = edit.kind === "adopt" ? withBlock(path, after, edit) : after;
    // Whatever the way of writing: what is read is the change that was asked for, and nothing else.
    if (isDeepStrictEqual(readValue(path, result), wanted)) return result;
    throw new SpliceError("the result would not read as it should");
  } catch (cause) {
    if (!(cause instanceof SpliceError)) throw cause;
    throw new EditError(
      `Editing account "${edit.account}" in ${path}: ${cause.message}. It is written in a way that only a person should touch: make this change by hand.`,
    );
  }
}

function withBlock(path: string, text: string, { account, block }: Edit & { kind: "adopt" }): string {
  const whole = appended(text, isStackFile(path), account, withoutSchemaLine(block));
  return text.trim() === "" ? schemaLine(path) + whole : whole;
}

/** Whether an account that is to be taken in is there, just so. */
function isTaken(path: string, before: unknown, { account, block }: Edit & { kind: "adopt" }): boolean {
  const known = accountsIn(path, before).find(({ name }) => String(name) === account);
  if (known === undefined) return false;
  if (isDeepStrictEqual(known, accountBlock(account, block).value)) return true;
  throw new EditError(`Taking over account "${account}": ${path} declares it already, otherwise than the block given.`);
}

/** Whether a file of the declaration declares an account. */
export function declares(path: string, text: string, account: string): boolean {
  const file = readYaml(path, text);
  return file.faults.length === 0 && accountsIn(path, file.value).some(({ name }) => String(name) === account);
}

function readValue(path: string, text: string): unknown {
  const { value, faults } = readYaml(path, text);
  const [first] = faults;
  if (first === undefined) return value;
  throw new EditError(`Editing ${path}: it cannot be read (${first.path}: found ${first.found}). Mend it first.`);
}
